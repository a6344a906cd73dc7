import { assert } from "chai";
import fc from "fast-check";
import { isCovered, sum } from "../../sdk/healthMath.ts";
import { WAD } from "../../sdk/mathLib.ts";
import { type Owner, type PriceStep, revalue } from "../../sdk/simulator/accounts.ts";
import { type ReplayResult, replay } from "../../sdk/simulator/replay.ts";
import { surety } from "../../sdk/simulator/surety.ts";
import { WatchList } from "../../sdk/simulator/watchList.ts";
import type { Snapshot } from "../../sdk/snapshot.ts";
import {
  isNear,
  owed,
  PARAMETERS,
  pledged,
  REFERENCE,
  stepAt,
  tenTokens,
  usd,
} from "./simulatorSamples.ts";

const TERMS = { ...REFERENCE, minimumDebtValue: usd(100) };
const HOUR = 3_600;

function run(steps: readonly PriceStep[], snapshot: Snapshot, owner?: Owner): ReplayResult {
  const accounts = [{ snapshot, owner }];
  return replay({ accounts, steps, lastFor: BigInt(HOUR) }, surety(TERMS));
}

/** Ten tokens first at 1,100 against 8,100; at 1,000 a twentieth of the cushion is used, so an owner has 5,400 s. */
const START = { ...tenTokens(8_100), collaterals: [pledged(0, 10, 1_100)] };
const CALLED = [stepAt(0, 1_100), stepAt(HOUR, 1_000)];

describe("Surety in the simulator", () => {
  it("issues a call and takes nothing before its deadline", () => {
    const found = run(CALLED, START);
    assert.deepInclude(found, { callsIssued: 1, accountsTouched: 0, uncoveredAtEnd: 1 });
    assert.equal(found.ownersLossValue, 0n);
  });

  it("liquidates by the least repayment after the deadline, between two rows", () => {
    const found = run([...CALLED, stepAt(2 * HOUR, 1_000), stepAt(3 * HOUR, 1_300)], START);
    assert.deepInclude(found, { callsIssued: 1, callsExpired: 1, liquidations: 1 });
    // τ = 1 + 0.6 · 2,000 / 8,000, s = 1 + 1 % + 8 % · 0.05 + 0.5 %: (1.15 · 8,100 − 8,000) / (1.15 − 0.8 · 1.019)
    assert(isNear(found.repaidValue, usd(3927.718040621)), `${found.repaidValue}`);
    assert(isNear(found.ownersLossValue, usd(74.626642772)), `${found.ownersLossValue}`);
    assert(isNear(found.leastValue, found.repaidValue));
    assert.equal(found.coverageFell, 0);
  });

  it("takes nothing when the price recovers before the deadline", () => {
    const found = run([...CALLED, stepAt(HOUR + 5_400, 1_300)], START);
    assert.deepInclude(found, { callsIssued: 1, callsCured: 1, accountsTouched: 0 });
  });

  it("lets the clock rest while the account is covered, and resumes it with what was left", () => {
    const rest = [stepAt(HOUR + 5_000, 1_020), stepAt(10 * HOUR, 1_000)];
    const before = run([...CALLED, ...rest, stepAt(10 * HOUR + 400, 1_300)], START);
    assert.deepInclude(before, { callsIssued: 1, accountsTouched: 0 });
    const after = run([...CALLED, ...rest, stepAt(10 * HOUR + 402, 1_300)], START);
    assert.deepInclude(after, { callsIssued: 1, accountsTouched: 1 });
  });

  it("liquidates at once beyond close-out, at the bonus of that severity", () => {
    const found = run([stepAt(0, 1_100), stepAt(HOUR, 960)], START);
    // A 7,680, Q 1,920, used 1 − 1,500 / 1,920 = 0.21875: s = 1.0325, τ = 1.15
    assert.deepInclude(found, { callsIssued: 0, accountsTouched: 1 });
    assert(isNear(found.repaidValue, usd((1.15 * 8_100 - 7_680) / (1.15 - 0.8 * 1.0325))));
  });

  it("writes off an insolvent account: the rest is bad debt", () => {
    const found = run([stepAt(0, 1_100), stepAt(HOUR, 808)], START);
    assert(isNear(found.repaidValue, usd(8_000))); // 8,080 / 1.01
    assert(isNear(found.badDebtValue, usd(100)));
    assert(isNear(found.ownersLossValue, usd(80)));
    assert.equal(found.ownersEquityLossValue, 0n); // there was nothing left to lose
    assert.equal(found.uncoveredAtEnd, 0);
  });

  for (const cureBy of ["deposit", "repay"] as const) {
    it(`takes nothing from an owner who cures in time (${cureBy})`, () => {
      const steps = [...CALLED, stepAt(3 * HOUR, 1_000)];
      const found = run(steps, START, { cureBy, cureAfterFor: 1_800n });
      assert.deepInclude(found, { callsCured: 1, accountsTouched: 0, uncoveredAtEnd: 0 });
      const late = run(steps, START, { cureBy, cureAfterFor: 6_000n });
      assert.equal(late.accountsTouched, 1);
    });
  }

  it("waits for a bonus that covers gas, and counts what nobody closed as bad debt", () => {
    const dear = 10n ** 13n; // 5 ether a liquidation
    const found = run([stepAt(0, 1_100), stepAt(HOUR, 700, dear)], START);
    assert.deepInclude(found, { accountsTouched: 0, uncoveredAtEnd: 1 });
    assert(isNear(found.badDebtValue, usd(1_100)));
    assert.equal(found.openShortfallValue, found.badDebtValue);
  });

  it("says what it needs", () => {
    assert.throws(() => run([], START), RangeError);
  });
});

describe("the watch list", () => {
  it("never misses an uncovered account", () => {
    const share = fc.integer({ min: 1, max: 100 });
    const account = fc
      .tuple(share, share, share, share)
      .map(([first, second, dollars, others]): Snapshot => ({
        collaterals: [pledged(0, first / 10, 1_000), pledged(1, second / 10, 500)],
        debts: [owed(2, dollars * 50), owed(3, others * 40)],
      }));
    const move = fc.integer({ min: 20, max: 200 });
    const reference = [usd(1_000), usd(500), WAD, WAD];
    let uncovered = 0;
    fc.assert(
      fc.property(
        fc.array(account, { minLength: 1, maxLength: 8 }),
        fc.tuple(move, move, move, move),
        (all, moves) => {
          const list = new WatchList(reference);
          for (const [index, snapshot] of all.entries()) list.place(index, snapshot);
          const prices = reference.map(
            (price, place) => (price * BigInt(moves[place] ?? 100)) / 100n,
          );
          const suspects = new Set(list.suspects(prices));
          for (const [index, snapshot] of all.entries()) {
            if (isCovered(sum(revalue(snapshot, prices, []), "protocol"))) continue;
            uncovered++;
            assert(suspects.has(index));
          }
        },
      ),
    );
    assert.isAbove(uncovered, 50);
  });

  it("passes over accounts that cannot have been uncovered, and those that owe nothing", () => {
    const list = new WatchList([usd(1_000), usd(1_000), WAD, WAD]);
    list.place(0, tenTokens(4_000));
    list.place(1, tenTokens(7_900));
    list.place(2, { ...tenTokens(1), debts: [] });
    assert.deepEqual(list.suspects([usd(950), usd(1_000), WAD, WAD]), [1]);
    list.place(1, tenTokens(2_000));
    assert.isEmpty(list.suspects([usd(950), usd(1_000), WAD, WAD]));
  });
});

it("the samples have the parameters that the numbers above assume", () => {
  assert.deepInclude(PARAMETERS, { bonusPerUsedBps: 8_00n, targetShareBps: 60_00n, feeBps: 50n });
});
