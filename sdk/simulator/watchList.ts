// Which accounts a new row of prices could have uncovered, without looking at the others.
import { coverageDown, sum } from "../healthMath.ts";
import { min, mulDivDown, mulDivUp, UINT256_MAX, WAD } from "../mathLib.ts";
import type { Snapshot } from "../snapshot.ts";
import { revalue } from "./accounts.ts";

/** Rounding to token units moves coverage by far less than this [wad]. */
const MARGIN_WAD = 10n ** 9n;

/** Accounts that hold and owe the same assets, the weakest first. */
interface Group {
  readonly collaterals: readonly number[];
  readonly debts: readonly number[];
  readonly members: Member[];
  isSorted: boolean;
}

interface Member {
  readonly account: number;
  readonly coverageWad: bigint; // at the reference prices
}

/**
 * Accounts in groups of the same assets, sorted by their coverage at reference prices H₀. Credit is concave in the value of a
 * collateral, so at other prices coverage is at least H₀ · min(1, smallest move of a collateral) / largest move of a debt:
 * whoever is above 1 by that is covered, and so is everybody behind it.
 */
export class WatchList {
  readonly #reference: readonly bigint[];
  readonly #groups = new Map<string, Group>();
  readonly #keyOf = new Map<number, string>();

  /** @param reference Prices by asset id, all above 0 [USD wad per 1e18 base units] */
  constructor(reference: readonly bigint[]) {
    this.#reference = reference;
  }

  /** Puts an account in its place, or takes it off the list when it owes nothing. */
  place(account: number, snapshot: Snapshot): void {
    this.#remove(account);
    const still = revalue(snapshot, this.#reference, []);
    const health = sum(still, "protocol");
    const coverageWad = coverageDown(health);
    if (coverageWad === UINT256_MAX) return;
    const collaterals = still.collaterals.map(({ id }) => Number(id)).sort(ascending);
    const debts = still.debts.map(({ assetId }) => Number(assetId)).sort(ascending);
    const key = `${collaterals}|${debts}`;
    const group = this.#groups.get(key) ?? { collaterals, debts, members: [], isSorted: true };
    group.members.push({ account, coverageWad });
    group.isSorted = false;
    this.#groups.set(key, group);
    this.#keyOf.set(account, key);
  }

  /** Accounts that may be uncovered at these prices; all others are covered. */
  suspects(prices: readonly bigint[]): readonly number[] {
    const found: number[] = [];
    for (const group of this.#groups.values()) {
      const moveWad = this.#worstMoveDown(group, prices);
      if (!group.isSorted) sortByCoverage(group);
      for (const { account, coverageWad } of group.members) {
        if (mulDivDown(coverageWad, moveWad, WAD) >= WAD + MARGIN_WAD) break;
        found.push(account);
      }
    }
    return found;
  }

  /** min(1, smallest move of a collateral) / largest move of a debt, rounded down [wad] */
  #worstMoveDown({ collaterals, debts }: Group, prices: readonly bigint[]): bigint {
    let down = WAD;
    for (const id of collaterals)
      down = min(down, mulDivDown(this.#at(prices, id), WAD, this.#at(this.#reference, id)));
    let up = 0n;
    for (const id of debts) {
      const move = mulDivUp(this.#at(prices, id), WAD, this.#at(this.#reference, id));
      if (move > up) up = move;
    }
    return mulDivDown(down, WAD, up);
  }

  #at(prices: readonly bigint[], id: number): bigint {
    const price = prices[id];
    if (price === undefined || price === 0n) {
      throw new RangeError(`asset ${id}: found no price, allowed: a price above 0`);
    }
    return price;
  }

  #remove(account: number): void {
    const key = this.#keyOf.get(account);
    const members = key === undefined ? undefined : this.#groups.get(key)?.members;
    if (members === undefined) return;
    members.splice(
      members.findIndex((member) => member.account === account),
      1,
    );
    this.#keyOf.delete(account);
  }
}

function sortByCoverage(group: Group): void {
  group.members.sort((a, b) =>
    a.coverageWad === b.coverageWad
      ? a.account - b.account
      : a.coverageWad < b.coverageWad
        ? -1
        : 1,
  );
  group.isSorted = true;
}

function ascending(a: number, b: number): number {
  return a - b;
}
