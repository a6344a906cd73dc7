// The cheapest collateral: against sums by hand, against all choices of small cases, and what holds for every case.
// `OPTIMISER_RUNS` and `PARITY_SEED` choose how many cases, and which.
import { createRequire } from "node:module";
import { assert } from "chai";
import fc from "fast-check";
import type { Highs } from "highs";
import { optimise, type Proposal } from "../../sdk/optimiser.ts";
import { CoverOutOfReach, DebtUnpriced } from "../../sdk/optimiser/failures.ts";
import {
  type Candidate,
  isEnough,
  isWeaker,
  judge,
  mostAssets,
  type OptimiserProblem,
  totalCost,
  YEAR_FOR,
} from "../../sdk/optimiser/problem.ts";
import { positiveInteger } from "../parity/compare.ts";
import { candidate, cheapestOfGrid, owing, problem, problems, worth } from "./optimiserProblems.ts";

/** The types of `highs` are those of its CommonJS form. */
const solver: typeof import("highs") = createRequire(import.meta.url)("highs");

const RUNS = positiveInteger("OPTIMISER_RUNS", 60);
const SEED = positiveInteger("PARITY_SEED", 20_200_312);
const WAD = 10n ** 18n;

const pledgedOf = ({ lines }: Proposal): readonly bigint[] =>
  lines.map(({ proposedAssets }) => proposedAssets);

describe("optimiser", function () {
  this.timeout(300_000);

  let highs: Highs;
  before(async () => {
    highs = await solver.default();
  });

  describe("by hand", () => {
    it("pledges what costs least for its cover, and lets the dear go, in one substitution", () => {
      // for 80,000 of cover: 100,000 of A at 20 %, costing 3 % a year, or 114,285.7 of B at 30 %, costing 1 %
      const proposal = optimise(
        highs,
        problem([
          candidate({ name: "A", now: 100_000n * WAD, yieldPercent: "3" }),
          candidate({ name: "B", wallet: 200_000n * WAD, initialPpm: 300_000n, yieldPercent: "1" }),
        ]),
      );
      const b = (80_000n * WAD * 10n + 6n) / 7n; // rounded up: against the owner
      assert.deepEqual(pledgedOf(proposal), [0n, b]);
      assert.deepEqual(proposal.steps, [
        {
          type: "substitute",
          incoming: [{ asset: "B", assets: b }],
          outgoing: [{ asset: "A", assets: 100_000n * WAD }],
        },
      ]);
      assert.equal(proposal.yearlyCostNowValue, 3_000n * WAD);
      assert.equal(proposal.yearlyCostValue, b / 100n);
      assert.deepEqual(proposal.bindings, [{ type: "buffer" }]);
    });

    it("keeps the buffer: a tenth more cover", () => {
      const proposal = optimise(
        highs,
        problem([candidate({ now: 200_000n * WAD, yieldPercent: "1" })], { bufferBps: 10_00n }),
      );
      assert.deepEqual(pledgedOf(proposal), [110_000n * WAD]);
      assert.deepEqual(proposal.steps, [
        { type: "withdraw", asset: "asset", assets: 90_000n * WAD },
      ]);
    });

    it("counts what the owner's tier asks for: a tenth of the margin more", () => {
      // A = 0.8 C must reach 80,000 + 0.1 · 0.2 C: C = 80,000 / 0.78
      const proposal = optimise(
        highs,
        problem([candidate({ now: 200_000n * WAD, yieldPercent: "1" })], { surchargeBps: 10_00n }),
      );
      const least = (80_000n * WAD * 100n) / 78n;
      const [found = 0n] = pledgedOf(proposal);
      assert(found >= least && found <= least + 10n, `${found} for ${least}`);
    });

    it("splits a position where the brackets make the cheap one dear", () => {
      // depth 40,000: A counts whole to 10,000, then 95 % to 40,000; B is 4 % dearer for its cover
      const proposal = optimise(
        highs,
        problem(
          [
            candidate({ name: "A", wallet: 90_000n * WAD, depthUsd: 40_000n, yieldPercent: "1" }),
            candidate({ name: "B", wallet: 90_000n * WAD, yieldPercent: "1.04" }),
          ],
          { debts: [owing(40_000n)] },
        ),
      );
      const [a = 0n, b = 0n] = pledgedOf(proposal);
      assert(a >= 9_999n * WAD && a <= 10_001n * WAD, `${a} of A`);
      assert(b >= 39_999n * WAD && b <= 40_001n * WAD, `${b} of B`);
    });

    it("leaves what would cost more to move than it saves", () => {
      const candidates = [
        candidate({ name: "A", now: 100_000n * WAD, yieldPercent: "3" }),
        candidate({ name: "B", wallet: 200_000n * WAD, yieldPercent: "2" }),
      ];
      // 1,000 USD a year are saved, two moves are paid
      const dear = optimise(highs, problem(candidates, { moveCostValue: 501n * WAD }));
      assert.deepEqual(dear.steps, []);
      const cheap = optimise(highs, problem(candidates, { moveCostValue: 499n * WAD }));
      assert.equal(cheap.steps[0]?.type, "substitute");
      assert.equal(cheap.moveCostValue, 998n * WAD);
      // half a year saves half
      const short = { moveCostValue: 499n * WAD, heldFor: YEAR_FOR / 2n };
      assert.deepEqual(optimise(highs, problem(candidates, short)).steps, []);
    });

    it("takes nothing weaker in under a call, and lets nothing out for nothing", () => {
      const candidates = [
        candidate({ name: "A", now: 50_000n * WAD, yieldPercent: "3" }),
        candidate({ name: "B", wallet: 900_000n * WAD, initialPpm: 300_000n, yieldPercent: "1" }),
        candidate({ name: "C", wallet: 900_000n * WAD, initialPpm: 100_000n, yieldPercent: "2" }),
      ];
      const called = optimise(highs, problem(candidates, { isHealthy: false }));
      const [, b = 0n] = pledgedOf(called);
      assert(called.steps[0]?.type === "deposit" || b === 0n, "B comes in only for nothing");
      assert.deepInclude(called.bindings, { type: "noWeaker" });
    });

    it("holds at most eight collaterals", () => {
      const small = Array.from({ length: 12 }, (_, place) =>
        candidate({
          name: `${place}`,
          wallet: (14_000n + BigInt(place)) * WAD,
          yieldPercent: "1",
        }),
      );
      const proposal = optimise(highs, problem(small));
      assert.isAtMost(pledgedOf(proposal).filter((assets) => assets > 0n).length, 8);
      const nine = Array.from({ length: 12 }, () => candidate({ wallet: 12_000n * WAD }));
      assert.throws(() => optimise(highs, problem(nine)), CoverOutOfReach);
    });

    it("names what binds: the wallet and the supply cap", () => {
      const capped = candidate({ name: "B", wallet: 90_000n * WAD, yieldPercent: "2" });
      const proposal = optimise(
        highs,
        problem([
          candidate({ name: "A", wallet: 50_000n * WAD, yieldPercent: "1" }),
          { ...capped, capAssets: 30_000n * WAD },
          candidate({ name: "C", wallet: 90_000n * WAD, yieldPercent: "3" }),
        ]),
      );
      assert.deepEqual(proposal.bindings, [
        { type: "buffer" },
        { type: "wallet", asset: "A" },
        { type: "supplyCap", asset: "B" },
      ]);
      assert.deepEqual(pledgedOf(proposal), [50_000n * WAD, 30_000n * WAD, 20_000n * WAD]);
      assert.deepEqual(
        proposal.steps.map(({ type }) => type),
        ["deposit", "deposit", "deposit"],
      );
    });

    it("lets everything go when nothing is owed, and pledges all that earns by it", () => {
      const proposal = optimise(
        highs,
        problem(
          [
            candidate({ name: "A", now: 5n * WAD, yieldPercent: "1" }),
            candidate({ name: "B", wallet: 7n * WAD, yieldPercent: "-1" }),
          ],
          { debts: [] },
        ),
      );
      assert.deepEqual(pledgedOf(proposal), [0n, 7n * WAD]);
      assert.equal(proposal.yearlyCostValue, -7n * 10n ** 16n);
    });

    it("moves nothing that has no fresh price or may not come in, and counts neither", () => {
      const stale = candidate({ name: "A", now: 500_000n * WAD, yieldPercent: "9" });
      const paused = candidate({ name: "B", now: 1n * WAD, wallet: 500_000n * WAD });
      const proposal = optimise(
        highs,
        problem([
          { ...stale, line: { ...stale.line, isFresh: false } },
          { ...paused, mayEnter: false, isTakeable: false },
          candidate({ name: "C", wallet: 500_000n * WAD, yieldPercent: "1" }),
        ]),
      );
      assert.deepEqual(pledgedOf(proposal), [500_000n * WAD, 1n * WAD, 100_000n * WAD]);
    });

    it("says what is missing", () => {
      const found = caught(() =>
        optimise(highs, problem([candidate({ now: 50_000n * WAD, wallet: 10_000n * WAD })])),
      );
      assert(found instanceof CoverOutOfReach);
      assert.equal(found.reachableValue, 48_000n * WAD);
      assert.equal(found.missingValue, 32_000n * WAD);
      assert.include(found.message, "32000 USD of cover are missing");
    });

    it("proposes nothing to who has nothing, and says so to who owes", () => {
      assert.deepEqual(optimise(highs, problem([], { debts: [] })).steps, []);
      const found = caught(() => optimise(highs, problem([])));
      assert(found instanceof CoverOutOfReach);
      assert.equal(found.missingValue, 80_000n * WAD);
    });

    it("refuses a debt without a price", () => {
      const debts = [owing(1n, false)];
      assert.throws(() => optimise(highs, problem([candidate({})], { debts })), DebtUnpriced);
    });
  });

  describe("for every case", () => {
    it("keeps the buffer, costs no more than staying, respects every bound, or says what is missing", () => {
      let proposed = 0;
      let refused = 0;
      const cases = fc.property(problems(10), (one) => {
        const now = one.candidates.map(({ line }) => line.assets);
        const found = caught(() => optimise(highs, one));
        if (found instanceof CoverOutOfReach) {
          refused++;
          assert(!isEnough(one, now), "staying is a choice");
          assert(found.missingValue > 0n);
          return;
        }
        assert(!(found instanceof Error), String(found));
        proposed++;
        const pledged = pledgedOf(found);
        const { coverValue, neededValue } = judge(one, pledged);
        assert(coverValue >= neededValue, "the buffer");
        if (isEnough(one, now)) assert(totalCost(one, pledged) <= totalCost(one, now), "staying");
        assert.isAtMost(pledged.filter((assets) => assets > 0n).length, 8);
        for (const [place, assets] of pledged.entries()) {
          const most = mostAssets(one.candidates[place] ?? candidate({}));
          assert(assets >= 0n && assets <= most, "within account, wallet and cap");
        }
        if (!one.isHealthy) isStrong(one, pledged);
      });
      fc.assert(cases, { numRuns: RUNS, seed: SEED });
      assert(proposed > RUNS / 5 && refused > 0, `${proposed} proposed, ${refused} refused`);
    });

    it("is as cheap as the cheapest of all choices of three assets", () => {
      let compared = 0;
      const cases = fc.property(problems(3, 3), (one) => {
        const best = cheapestOfGrid(one);
        const found = caught(() => optimise(highs, one));
        if (found instanceof CoverOutOfReach) {
          assert.isUndefined(best, "no choice of the grid keeps the buffer either");
          return;
        }
        assert(!(found instanceof Error), String(found));
        if (best === undefined) return; // between the points of the grid
        compared++;
        const cost = totalCost(one, pledgedOf(found));
        const size = one.candidates.reduce(
          (all, { line, ...rest }) => all + worth(line.price, mostAssets({ line, ...rest })),
          0n,
        );
        // a hundred-thousandth of a year's yield of 5 % on everything
        const slack = (size * YEAR_FOR) / 2_000_000n;
        assert(cost <= best + slack, `${cost} found, ${best} on the grid`);
      });
      fc.assert(cases, { numRuns: RUNS, seed: SEED });
      assert(compared > RUNS / 10, `${compared} compared`);
    });
  });
});

function caught<Result>(run: () => Result): Result | Error {
  try {
    return run();
  } catch (error) {
    assert(error instanceof Error);
    return error;
  }
}

/** nothing leaves an account that is not healthy unless something no weaker comes in */
function isStrong({ candidates }: OptimiserProblem, pledged: readonly bigint[]): void {
  const moved = (sign: 1 | -1): readonly Candidate[] =>
    candidates.filter(({ line }, place) => {
      const change = (pledged[place] ?? 0n) - line.assets;
      return sign === 1 ? change > 0n : change < 0n;
    });
  for (const outgoing of moved(-1)) {
    assert.isNotEmpty(moved(1), "something comes in");
    for (const incoming of moved(1)) assert(!isWeaker(incoming, outgoing), "nothing weaker");
  }
}
