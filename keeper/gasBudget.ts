// How much gas an upkeep may use in an interval of the chain's time.
import { max } from "../sdk/mathLib.ts";

/** Counts what was used; begins anew when an interval is over. */
export class GasBudget {
  readonly #mostGas: bigint;
  readonly #intervalFor: bigint;
  #startedAt = 0n;
  #spentGas = 0n;

  /** @param mostGas of an interval [gas] @param intervalFor its length [s] */
  constructor(mostGas: bigint, intervalFor: bigint) {
    this.#mostGas = mostGas;
    this.#intervalFor = intervalFor;
  }

  /** Gas that may still be used in the interval of `nowAt`. */
  leftAt(nowAt: bigint): bigint {
    if (nowAt >= this.#startedAt + this.#intervalFor) {
      this.#startedAt = nowAt;
      this.#spentGas = 0n;
    }
    return max(0n, this.#mostGas - this.#spentGas);
  }

  spend(gas: bigint): void {
    this.#spentGas += gas;
  }
}
