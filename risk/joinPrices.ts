// Several price files as one history.
import {
  type AssetName,
  COLLATERAL_ASSETS,
  type Column,
  type PriceFile,
  STABLECOINS,
} from "../sdk/priceFile.ts";
import { InputError } from "./inputError.ts";

/** Rows of all files in time order. What a file does not hold is not observed: nothing is filled in. */
export interface PriceHistory {
  readonly files: readonly string[]; // in time order
  readonly unix: readonly number[]; // strictly increasing [unix s]
  readonly prices: ReadonlyMap<AssetName, Column>; // USD, 8 decimals; collateral first, then stablecoins
}

/** One time at which both sides of a pair were observed. */
export interface Observation {
  readonly at: number; // [unix s]
  readonly collateralPrice: bigint; // [USD, 8 decimals]
  readonly obligationPrice: bigint; // [USD, 8 decimals]
}

/** Joins files in the order of their times, whatever the order they come in. Throws `InputError` if two overlap. */
export function joinPrices(files: readonly PriceFile[]): PriceHistory {
  const sorted = files.toSorted((a, b) => (a.unix[0] ?? 0) - (b.unix[0] ?? 0));
  for (const [index, file] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before !== undefined) requireApart(before, file);
  }
  const names = [...COLLATERAL_ASSETS, ...STABLECOINS].filter((name) =>
    sorted.some(({ prices }) => prices.has(name)),
  );
  return {
    files: sorted.map(({ name }) => name),
    unix: sorted.flatMap(({ unix }) => unix),
    prices: new Map(names.map((name) => [name, sorted.flatMap((file) => columnOf(file, name))])),
  };
}

function columnOf({ prices, unix }: PriceFile, name: AssetName): Column {
  return prices.get(name) ?? unix.map(() => undefined);
}

function requireApart(before: PriceFile, after: PriceFile): void {
  const [ends, starts] = [before.unix.at(-1) ?? 0, after.unix[0] ?? 0];
  if (starts > ends) return;
  throw new InputError({
    found: `${after.name}, which starts at ${starts}, before ${before.name} ends at ${ends}`,
    allowed: "files that follow one another in time",
    whatToDo: "Leave one of the two out, or run them apart.",
  });
}

const ONE_USD = 10n ** 8n;

/** The rows in which both sides have a price; `"USD"` is worth one USD at every time. Throws `InputError`. */
export function observe(
  history: PriceHistory,
  collateral: string,
  obligation: string,
): readonly Observation[] {
  const collaterals = requireColumn(history, collateral, []);
  const obligations =
    obligation === "USD"
      ? history.unix.map(() => ONE_USD)
      : requireColumn(history, obligation, ["USD"]);
  return history.unix.flatMap((at, row) => {
    const [collateralPrice, obligationPrice] = [collaterals[row], obligations[row]];
    if (collateralPrice === undefined || obligationPrice === undefined) return [];
    return { at, collateralPrice, obligationPrice };
  });
}

function requireColumn(history: PriceHistory, name: string, others: readonly string[]): Column {
  for (const [known, column] of history.prices) if (known === name) return column;
  throw new InputError({
    found: `no prices of ${JSON.stringify(name)} in ${history.files.join(", ")}`,
    allowed: [...others, ...history.prices.keys()].join(", "),
    whatToDo: "Name a column of the files (case-sensitive), or add a file that has it.",
  });
}

/**
 * Assets to measure when none is named: every collateral with prices, or, where a file holds stablecoins only, those.
 * A stablecoin beside collateral is what is owed in it, and has to be asked for.
 */
export function defaultCollaterals(
  history: PriceHistory,
  obligation: string,
): readonly AssetName[] {
  const others = [...history.prices.keys()].filter((name) => name !== obligation);
  const collaterals = others.filter((name) => COLLATERAL_ASSETS.some((each) => each === name));
  return collaterals.length > 0 ? collaterals : others;
}
