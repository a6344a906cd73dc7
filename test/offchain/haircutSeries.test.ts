import { assert } from "chai";
import { type HaircutSettings, haircutSeries, variances } from "../../risk/haircutSeries.ts";
import type { Observation } from "../../risk/joinPrices.ts";
import { toWad } from "../../sdk/units.ts";

const SIX_HOURS = 21_600; // a whole number of ticks of the haircut path, however it counts time
const YEAR = 365 * 86_400;

const SETTINGS: HaircutSettings = {
  seedWad: toWad("0.81"),
  stressWad: toWad("2"),
  floorWad: toWad("0.2"),
  stressShareWad: toWad("0.25"),
  initialHorizonFor: 432_000n,
  maintenanceHorizonFor: 172_800n,
  pegPpm: 10_000n,
  floorPpm: 120_000n,
  capPpm: 450_000n,
};

/** A walk with calm and wild months, now and then with a gap of some days. */
function walk(count: number): readonly Observation[] {
  let [random, at, price] = [12_345, 1_600_000_000 - (1_600_000_000 % SIX_HOURS), 2_000];
  return Array.from({ length: count }, (_, index) => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
    const sign = random / 2 ** 31 - 0.5;
    price *= Math.exp(sign * (index % 240 < 120 ? 0.02 : 0.16));
    at += index % 50 === 49 ? 12 * SIX_HOURS : SIX_HOURS;
    return { at, collateralPrice: BigInt(Math.round(price * 1e8)), obligationPrice: 10n ** 8n };
  });
}

interface Plain {
  readonly initial: number; // share
  readonly maintenance: number; // share
}

/** The same in floating point, straight from the formulae: no function of the sdk. */
function recomputed(observations: readonly Observation[]): readonly Plain[] {
  const targets = (v: number): Plain => {
    const sigma = Math.sqrt(Math.max(0.2, 0.75 * v + 0.25 * 2));
    const haircut = (z: number, days: number): number => {
      const lost = 1 - Math.exp(-z * sigma * Math.sqrt(days / 365));
      return Math.min(0.45, Math.max(0.12, 1 - (1 - lost) * (1 - 0.01)));
    };
    return { initial: haircut(2.326, 5), maintenance: haircut(1.645, 2) };
  };
  let v = 0.81;
  let target = targets(v);
  let now = target;
  return observations.map((observation, index) => {
    const before = observations[index - 1];
    if (before === undefined) return now;
    const elapsed = observation.at - before.at;
    const r = Math.log(Number(observation.collateralPrice) / Number(before.collateralPrice));
    const kept = Math.exp(-elapsed / (16.1615 * 86_400));
    v = kept * v + (1 - kept) * r * r * (YEAR / elapsed);
    const [up, down] = [(0.05 * elapsed) / 86_400, (0.01 * elapsed) / 86_400];
    const move = Math.min(up, Math.max(-down, target.maintenance - now.maintenance));
    const fallen = Math.max(target.initial, now.initial - down);
    target = targets(v);
    now = { initial: Math.max(fallen, target.initial), maintenance: now.maintenance + move };
    return now;
  });
}

describe("haircutSeries", () => {
  it("equals a plain recomputation", () => {
    const observations = walk(800);
    const expected = recomputed(observations);
    const moves = new Set<string>();
    for (const [index, step] of haircutSeries(observations, SETTINGS).entries()) {
      const plain = expected[index];
      assert.exists(plain);
      near(Number(step.initialPpm), plain.initial * 1e6, 2, `initial at ${index}`);
      near(Number(step.maintenancePpm), plain.maintenance * 1e6, 2, `maintenance at ${index}`);
      const before = expected[index - 1] ?? plain;
      moves.add(`${Math.sign(Math.round(1e6 * (plain.initial - before.initial)))} initial`);
      moves.add(
        `${Math.sign(Math.round(1e6 * (plain.maintenance - before.maintenance)))} maintenance`,
      );
    }
    for (const move of ["1 initial", "-1 initial", "1 maintenance", "-1 maintenance"]) {
      assert.isTrue(moves.has(move), `the walk has no ${move}`);
    }
  });

  it("starts at the targets of the seed", () => {
    // σ² = 0.75·0.81 + 0.25·2 = 1.1075: 1 − 0.99·e^(−2.326·1.05238·√(5/365)) = 25.662 %, and 12.907 % over 2 days at 1.645
    const [first] = haircutSeries(walk(1), SETTINGS);
    near(Number(first?.initialPpm), 256_620, 5);
    near(Number(first?.maintenancePpm), 129_073, 5);
    assert.equal(first?.varianceWad, SETTINGS.seedWad);
  });

  it("jumps up at once at the initial level, and goes up 5 points a day at the maintenance level", () => {
    const price = (at: number, usd: bigint): Observation => ({
      at,
      collateralPrice: usd * 10n ** 8n,
      obligationPrice: 10n ** 8n,
    });
    const crash = [price(SIX_HOURS, 100n), price(2 * SIX_HOURS, 40n), price(3 * SIX_HOURS, 40n)];
    const [before, jumped, after] = haircutSeries(crash, SETTINGS);
    assert.exists(before);
    assert.equal(jumped?.initialPpm, 450_000n); // the cap
    assert.equal(jumped?.maintenancePpm, before.maintenancePpm);
    assert.equal(after?.maintenancePpm, before.maintenancePpm + 12_500n);
  });

  it("does not move a pair whose sides move together", () => {
    const together = walk(40).map((each) => ({ ...each, obligationPrice: each.collateralPrice }));
    const [first, ...rest] = variances(together, toWad("0.5"));
    assert.equal(first, toWad("0.5"));
    for (const [index, varianceWad] of rest.entries()) {
      assert.isBelow(Number(varianceWad), Number(index === 0 ? first : (rest[index - 1] ?? 0n)));
    }
  });

  it("raises single observations to floors of their own", () => {
    const observations = walk(3);
    const floors = [0n, toWad("9"), 0n];
    const steps = haircutSeries(observations, SETTINGS, floors);
    assert.equal(steps[1]?.varianceWad, toWad("9"));
    assert.isBelow(Number(steps[2]?.varianceWad), Number(toWad("1")));
  });
});

/** chai's own comparison takes whole numbers only once the matchers of Hardhat are loaded */
function near(found: number, expected: number, distance: number, message?: string): void {
  assert.isAtMost(Math.abs(found - expected), distance, message);
}
