// Why no choice of collateral can be proposed.
import { formatUnits } from "../units.ts";

/** No choice from account and wallet keeps the wanted buffer. */
export class CoverOutOfReach extends Error {
  override readonly name = "CoverOutOfReach";
  /** wanted [value] */
  readonly neededValue: bigint;
  /** the most that can be reached [value] */
  readonly reachableValue: bigint;
  /** [value] */
  readonly missingValue: bigint;

  constructor(neededValue: bigint, reachableValue: bigint) {
    const missingValue = neededValue - reachableValue;
    super(
      `Cover of ${usd(neededValue)} USD is wanted at the initial line, the most that account and wallet reach is ` +
        `${usd(reachableValue)} USD: ${usd(missingValue)} USD of cover are missing. Add collateral, repay, or ask for a smaller buffer.`,
    );
    this.neededValue = neededValue;
    this.reachableValue = reachableValue;
    this.missingValue = missingValue;
  }
}

/** A debt without a fresh price: nothing can be judged. */
export class DebtUnpriced extends Error {
  override readonly name = "DebtUnpriced";
  readonly pool: string;

  constructor(pool: string) {
    super(
      `The debt to the pool ${pool} has no fresh price; each must have one. Ask again when its feed answers.`,
    );
    this.pool = pool;
  }
}

/** rounded up to a cent */
function usd(value: bigint): string {
  const cent = 10n ** 16n;
  return formatUnits((value + cent - 1n) / cent, 2);
}
