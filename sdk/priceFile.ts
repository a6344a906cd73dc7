// The format of price files (risk/prices/README.md): text in, table out. Files are read by whoever calls.
import { CsvError, parse } from "csv-parse/sync";

import { toUnitsDown } from "./units.ts";

/** Assets that an account pledges. */
export const COLLATERAL_ASSETS = ["WETH", "WBTC", "LINK", "STETH"] as const;
/** Assets that aim at one USD; the lending pools of the demo lend them. */
export const STABLECOINS = ["USDC", "USDT", "UST", "DAI", "FRAX"] as const;
/** Columns that are not prices of an asset in USD. */
const EXTRA_COLUMNS = [
  "gasPriceGweiP60",
  "gasPriceGweiP90",
  "poolWeth",
  "poolDai",
  "stethPerEth",
] as const;

export type AssetName = (typeof COLLATERAL_ASSETS)[number] | (typeof STABLECOINS)[number];
type ExtraName = (typeof EXTRA_COLUMNS)[number];

const DECIMALS = 8;

/** One entry per row; `undefined` where the file has no observation. 8 decimals. */
export type Column = readonly (bigint | undefined)[];

/** Two neighbouring rows further apart than 1.5 times the median spacing of the file. */
interface Gap {
  readonly from: number; // time of the last row before the gap [unix s]
  readonly to: number; // time of the first row after it [unix s]
  readonly seconds: number; // to − from [s]
  readonly missingRows: number; // rows that the median spacing would have put between them
}

/** A price file that holds what `risk/prices/README.md` promises. */
export interface PriceFile {
  readonly name: string;
  readonly unix: readonly number[]; // strictly increasing [unix s]
  readonly prices: ReadonlyMap<AssetName, Column>; // USD, 8 decimals; in the order of the file
  readonly extras: ReadonlyMap<ExtraName, Column>; // unit of the column, 8 decimals
  readonly collaterals: readonly AssetName[];
  readonly stablecoins: readonly AssetName[];
  readonly medianSpacing: number; // between two rows, 0 for a single row [s]
  readonly gaps: readonly Gap[];
}

/** What was wrong; one word per way of failing. */
type PriceFileProblem =
  | "unreadable"
  | "malformed"
  | "empty"
  | "missingTimeColumn"
  | "missingAssetColumn"
  | "unknownColumn"
  | "repeatedColumn"
  | "cellCount"
  | "invalidTime"
  | "unsortedTime"
  | "repeatedTime"
  | "notANumber"
  | "negative"
  | "zero"
  | "noObservation";

export interface PriceFileFacts {
  readonly problem: PriceFileProblem;
  readonly file: string;
  readonly line?: number | undefined; // line of the file, the header is line 1
  readonly column?: string | undefined;
  readonly found: string;
  readonly allowed: string;
  readonly whatToDo: string;
}

/** A price file that cannot be used. Reading the same file again never helps. */
export class PriceFileError extends Error {
  override readonly name = "PriceFileError";
  readonly problem: PriceFileProblem;
  readonly file: string;
  readonly line: number | undefined;
  readonly column: string | undefined;
  readonly found: string;
  readonly allowed: string;
  readonly whatToDo: string;

  constructor(facts: PriceFileFacts, options?: ErrorOptions) {
    const line = facts.line === undefined ? "" : `, line ${facts.line}`;
    const column = facts.column === undefined ? "" : `, column ${facts.column}`;
    super(
      `${facts.file}${line}${column}: found ${facts.found}; allowed: ${facts.allowed}. ` +
        facts.whatToDo,
      options,
    );
    this.problem = facts.problem;
    this.file = facts.file;
    this.line = facts.line;
    this.column = facts.column;
    this.found = facts.found;
    this.allowed = facts.allowed;
    this.whatToDo = facts.whatToDo;
  }
}

/** How to get the bytes of a file, such as `readFile` of `node:fs/promises`. */
export type ReadBytes = (path: string) => Promise<Uint8Array>;

/**
 * What becomes of a price column without a single price. Alone it is a mistake; among several files that are joined, an
 * asset may be listed later than another.
 */
export type Unobserved = "refused" | "leftOut";

/** Reads and parses the price file at `path`. Throws `PriceFileError`. */
export async function readPriceFile(
  path: string,
  read: ReadBytes,
  unobserved: Unobserved = "refused",
): Promise<PriceFile> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await read(path));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new PriceFileError(
      {
        problem: "unreadable",
        file: path,
        found,
        allowed: "a readable UTF-8 text file",
        whatToDo: "Give the path of a CSV file, such as one of risk/prices/.",
      },
      { cause },
    );
  }
  return parsePriceFile(text, path.split(/[\\/]/).at(-1) ?? path, unobserved);
}

/** Parses the text of a price file; `name` is how errors call it. Throws `PriceFileError`. */
export function parsePriceFile(
  text: string,
  name: string,
  unobserved: Unobserved = "refused",
): PriceFile {
  const [header, ...rows] = splitRows(text, name);
  if (header === undefined || rows.length === 0) {
    throw new PriceFileError({
      problem: "empty",
      file: name,
      found: header === undefined ? "no text" : "a header and no rows",
      allowed: "a header row and at least one row of prices",
      whatToDo: "Add rows, or use one of the files in risk/prices/.",
    });
  }
  const columns = readHeader(header.cells, name);
  for (const row of rows) requireCellCount(row, columns.length, name);
  const unix = readTimes(rows, columns.indexOf("unix"), name);
  const prices = new Map<AssetName, Column>();
  const extras = new Map<ExtraName, Column>();
  for (const [index, column] of columns.entries()) {
    if (isAsset(column)) {
      const observed = readPrices(rows, index, column, name);
      if (isObserved(observed)) prices.set(column, observed);
      else if (unobserved === "refused") refuseUnobserved(rows, column, name);
    }
    if (isExtra(column)) extras.set(column, readExtras(rows, index, column, name));
  }
  const medianSpacing = medianSpacingOf(unix);
  return {
    name,
    unix,
    prices,
    extras,
    collaterals: [...prices.keys()].filter((asset) => includes(COLLATERAL_ASSETS, asset)),
    stablecoins: [...prices.keys()].filter((asset) => includes(STABLECOINS, asset)),
    medianSpacing,
    gaps: gapsOf(unix, medianSpacing),
  };
}

/**
 * `"0.0220797035"` → `2_207_970n`: exact in the digits, the ninth and later decimals cut off.
 * `undefined` if the text is not a plain decimal number (no exponent, no thousands mark).
 */
export function parseDecimal8(text: string): bigint | undefined {
  const match = /^(-?)(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", magnitude = ""] = match;
  const digits = toUnitsDown(magnitude, DECIMALS);
  return sign === "-" ? -digits : digits;
}

/** The column of an asset by its name; `undefined` where the file has none. */
export function columnOf(file: PriceFile, symbol: string): Column | undefined {
  return isAsset(symbol) ? file.prices.get(symbol) : undefined;
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

function splitRows(text: string, file: string): Row[] {
  try {
    // The types of csv-parse do not know what `info` adds.
    const parsed = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true, // counted in requireCellCount, where the line and the header are known
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { lines } = cause as CsvError & { lines?: number };
    throw new PriceFileError(
      {
        problem: "malformed",
        file,
        line: lines,
        found: cause.message,
        allowed: "comma-separated values",
        whatToDo: "Save the table as CSV with commas and without stray quotes.",
      },
      { cause },
    );
  }
}

function requireCellCount(row: Row, expected: number, file: string): void {
  if (row.cells.length === expected) return;
  throw new PriceFileError({
    problem: "cellCount",
    file,
    line: row.line,
    found: `${row.cells.length} cells`,
    allowed: `${expected} cells, as in the header`,
    whatToDo: "Leave a cell empty (two commas) where there is no observation.",
  });
}

// ── Header ──────────────────────────────────────────────────────────────────────────────────────

const KNOWN_COLUMNS: readonly string[] = [
  "unix",
  ...COLLATERAL_ASSETS,
  ...STABLECOINS,
  ...EXTRA_COLUMNS,
];
const KNOWN_ASSETS = [...COLLATERAL_ASSETS, ...STABLECOINS].join(", ");

function readHeader(cells: readonly string[], file: string): readonly string[] {
  const fail = (problem: PriceFileProblem, column: string | undefined, rest: Failure): never => {
    throw new PriceFileError({ problem, file, line: 1, column, ...rest });
  };
  if (!cells.includes("unix")) {
    fail("missingTimeColumn", "unix", {
      found: `columns ${quote(cells.join(","))}`,
      allowed: "a column named unix",
      whatToDo: "Name the column of times (seconds, UTC) unix; names are case-sensitive.",
    });
  }
  for (const [index, column] of cells.entries()) {
    if (!KNOWN_COLUMNS.includes(column)) {
      fail("unknownColumn", column, {
        found: `unknown column ${quote(column)}`,
        allowed: KNOWN_COLUMNS.join(", "),
        whatToDo:
          "Rename the column to a known one, remove it, or add the asset to sdk/priceFile.ts.",
      });
    }
    if (cells.indexOf(column) !== index) {
      fail("repeatedColumn", column, {
        found: `the column ${column} twice`,
        allowed: "each column once",
        whatToDo: "Remove or rename one of them.",
      });
    }
  }
  if (!cells.some(isAsset)) {
    fail("missingAssetColumn", undefined, {
      found: `columns ${quote(cells.join(","))}`,
      allowed: `at least one of ${KNOWN_ASSETS}`,
      whatToDo: "Add a column of prices in USD, named like the token.",
    });
  }
  return cells;
}

// ── Cells ───────────────────────────────────────────────────────────────────────────────────────

type Failure = Pick<PriceFileFacts, "found" | "allowed" | "whatToDo">;
const MAX_UNIX = 4_294_967_295; // 2^32 − 1: February 2106, the width of a timestamp in the contracts
const TIME_ALLOWED = `whole seconds since 1970, from 1 to ${MAX_UNIX}`;

function readTimes(rows: readonly Row[], index: number, file: string): readonly number[] {
  let previous = 0;
  return rows.map(({ line, cells }) => {
    const text = cells[index] ?? "";
    const at = { file, line, column: "unix" };
    const time = /^\d{1,15}$/.test(text) ? Number(text) : 0; // safe: below 2^53
    if (time < 1 || time > MAX_UNIX) {
      throw new PriceFileError({
        problem: "invalidTime",
        ...at,
        found: quote(text),
        allowed: TIME_ALLOWED,
        whatToDo: "Write the time as a whole number of seconds, UTC (not milliseconds).",
      });
    }
    if (time <= previous) {
      throw new PriceFileError({
        problem: time === previous ? "repeatedTime" : "unsortedTime",
        ...at,
        found: time === previous ? `${text} again` : `${text} after ${previous}`,
        allowed: `a time after ${previous}`,
        whatToDo:
          time === previous
            ? "Keep one row for each time."
            : "Sort the rows by time, oldest first.",
      });
    }
    previous = time;
    return time;
  });
}

const PRICE_ALLOWED = "a price above 0 in USD such as 194.52, or an empty cell";

function readPrices(rows: readonly Row[], index: number, column: string, file: string): Column {
  const prices = readExtras(rows, index, column, file, PRICE_ALLOWED);
  for (const [position, { line, cells }] of rows.entries()) {
    if (prices[position] !== 0n) continue;
    throw new PriceFileError({
      problem: "zero",
      file,
      line,
      column,
      found: quote(cells[index] ?? ""),
      allowed: `${PRICE_ALLOWED}; the smallest price is 0.00000001`,
      whatToDo: "Leave the cell empty if nothing was observed.",
    });
  }
  return prices;
}

function isObserved(prices: Column): boolean {
  return prices.some((price) => price !== undefined);
}

function refuseUnobserved(rows: readonly Row[], column: string, file: string): never {
  throw new PriceFileError({
    problem: "noObservation",
    file,
    column,
    found: `no price in ${rows.length} rows`,
    allowed: "at least one price",
    whatToDo: "Remove the column, or fill it.",
  });
}

/** Numbers that may be 0 and may be missing throughout, such as gas prices and pool reserves. */
function readExtras(
  rows: readonly Row[],
  index: number,
  column: string,
  file: string,
  allowed = "a number of at least 0, or an empty cell",
): Column {
  return rows.map(({ line, cells }) => {
    const text = cells[index] ?? "";
    if (text === "") return undefined;
    const value = parseDecimal8(text);
    if (value !== undefined && !text.startsWith("-")) return value;
    throw new PriceFileError({
      problem: value === undefined ? "notANumber" : "negative",
      file,
      line,
      column,
      found: quote(text),
      allowed,
      whatToDo:
        value === undefined
          ? "Write plain digits with a point; no exponent, sign, currency or thousands mark."
          : "Correct the cell, or leave it empty if nothing was observed.",
    });
  });
}

// ── Spacing ─────────────────────────────────────────────────────────────────────────────────────

function medianSpacingOf(unix: readonly number[]): number {
  const spacings = unix.slice(1).map((time, index) => time - (unix[index] ?? time));
  spacings.sort((a, b) => a - b);
  return spacings[Math.floor(spacings.length / 2)] ?? 0;
}

function gapsOf(unix: readonly number[], medianSpacing: number): readonly Gap[] {
  return unix.slice(1).flatMap((to, index) => {
    const from = unix[index] ?? to;
    const seconds = to - from;
    if (seconds * 2 <= medianSpacing * 3) return [];
    return [{ from, to, seconds, missingRows: Math.round(seconds / medianSpacing) - 1 }];
  });
}

// ── Words ───────────────────────────────────────────────────────────────────────────────────────

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** Whether a column of this name holds prices of an asset. */
function isAsset(name: string): name is AssetName {
  return includes(COLLATERAL_ASSETS, name) || includes(STABLECOINS, name);
}

function isExtra(name: string): name is ExtraName {
  return includes(EXTRA_COLUMNS, name);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
