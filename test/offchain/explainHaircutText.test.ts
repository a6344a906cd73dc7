import { expect } from "chai";
import { renderHaircut } from "../../scripts/explain/haircut.ts";
import { haircutToJson } from "../../scripts/explain/json.ts";
import type { HaircutStory, MeasureStory } from "../../sdk/explainHaircut.ts";

const WAD = 10n ** 18n;
const AT = 1_584_000_000n;
const token = (symbol: string) => ({ address: `0x${"1".repeat(40)}`, symbol, decimals: 18 });

const MEASURE: MeasureStory = {
  from: "start",
  fromAt: AT - 86_400n,
  fromVarianceWad: 42n * 10n ** 17n,
  portions: [],
  returns: 24n,
  voids: 1n,
  largest: { round: 7n, at: AT - 3_600n, returnWad: -(10n ** 17n) },
  varianceWad: 4n * WAD,
  observedAt: AT - 60n,
  isExact: true,
};

const CALM: MeasureStory = { ...MEASURE, varianceWad: WAD / 100n, largest: undefined, voids: 0n };

const STORY: HaircutStory = {
  chainId: 1n,
  block: 77,
  at: AT,
  vault: `0x${"2".repeat(40)}`,
  collateral: token("WETH"),
  pool: { id: 0n, address: `0x${"3".repeat(40)}`, cash: token("USDC") },
  model: {
    floorVarianceWad: (37n * WAD) / 100n,
    stressVarianceWad: (42n * WAD) / 10n,
    horizonInitialFor: 432_000n,
    horizonMaintenanceFor: 172_800n,
    pegPpm: 0n,
    maxLagFor: 86_400n,
    highestDepthValue: 10n ** 26n,
    isMeasured: true,
    isTracked: true,
    isPegged: false,
  },
  own: MEASURE,
  owed: CALM,
  tracked: { ...MEASURE, varianceWad: (39n * WAD) / 10n },
  steps: {
    varianceWad: (39n * WAD) / 10n,
    effectiveWad: (3_975n * WAD) / 1_000n,
    initialVolatilityWad: (419n * WAD) / 1_000n,
    maintenanceVolatilityWad: (215n * WAD) / 1_000n,
    initialTargetPpm: 419_000n,
    maintenanceTargetPpm: 215_000n,
    observedAt: AT - 60n,
  },
  pair: {
    isListed: true,
    initialPpm: 419_000n,
    maintenancePpm: 150_000n,
    initialTargetPpm: 419_000n,
    maintenanceTargetPpm: 215_000n,
    initialFloorPpm: 180_000n,
    initialCapPpm: 600_000n,
    maintenanceFloorPpm: 120_000n,
    maintenanceCapPpm: 450_000n,
    depthValue: 10n ** 26n,
    maxBonusBps: 1_000n,
  },
  stored: {
    movedAt: AT - 3_600n,
    climbsFrom: AT + 86_340n,
    storedInitialPpm: 419_000n,
    storedMaintenancePpm: 145_000n,
  },
  initialPpm: 419_000n,
  maintenancePpm: 150_000n,
  isExact: true,
};

/** One line, so that facts may be broken anywhere. */
function tell(change: Partial<HaircutStory>): string {
  const text = renderHaircut({ ...STORY, ...change });
  for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(100);
  return text.replaceAll(/\s+/g, " ");
}

describe("the text of a haircut", () => {
  it("tells rounds, variance, targets and what is in force", () => {
    const text = tell({});
    for (const fact of [
      "WETH against USDC are 41.9 % at the initial and 15 % at the maintenance level",
      "24 returns read in 0 calls, 1 void round passed over, the largest −10 %",
      "The pair's own variance counts",
      "25 % of the stress variance 4.2000 give 3.9750: σ = 199.4 % a year",
      "over 2 d is 21.5 %",
      "14.5 % then, on its way to 21.5 %: 15 % now",
      "the initial haircut climbs from",
    ]) {
      expect(text).to.include(fact);
    }
  });

  it("says that numbers do not follow from the rounds", () => {
    expect(tell({})).to.include("that of the chain to the unit");
    expect(tell({ isExact: false })).to.include("do not follow to the unit from the rounds");
    const taken = { ...MEASURE, from: "refresh" } as const;
    expect(tell({ own: taken })).to.include("when it was taken over from a refresh at");
    const nothing = { ...MEASURE, fromAt: 0n };
    expect(tell({ own: nothing })).to.include("no round read since the feed was replaced");
  });

  it("says which variance counts: half of a side, its own though pegged, or the worst correlation", () => {
    const halved = { ...STORY.steps, varianceWad: 2n * WAD };
    const low = { ...MEASURE, varianceWad: WAD };
    expect(tell({ tracked: low, steps: halved })).to.include(
      "at least half of the larger variance, that of WETH: 2.0000",
    );
    expect(tell({ model: { ...STORY.model, isPegged: true } })).to.include("The pair is pegged");
    expect(tell({ tracked: undefined })).to.include("the worst correlation is assumed");
  });

  it("says which bound holds, what a peg adds, and that the floor of the variance counts", () => {
    const capped = { ...STORY.steps, initialTargetPpm: 600_000n, maintenanceTargetPpm: 120_000n };
    const text = tell({ steps: capped, model: { ...STORY.model, pegPpm: 20_000n } });
    expect(text).to.include("that is 60 %, its cap");
    expect(text).to.include("that is 12 %, its floor");
    expect(text).to.include("with 2 % for the peg");
    expect(text).to.include("The next refresh stores these targets");
    const floored = { ...STORY.steps, effectiveWad: STORY.model.floorVarianceWad };
    expect(tell({ steps: floored })).to.include("its floor of 0.3700 counts");
  });

  it("says that nobody measured in time, or that nothing climbs", () => {
    const late = { ...STORY.stored, climbsFrom: AT - 10n };
    expect(tell({ stored: late })).to.include("Nobody measured in time");
    expect(tell({ stored: { ...STORY.stored, climbsFrom: 0n } })).to.include("Nothing makes it");
  });

  it("has every number for machines, exact to the unit", () => {
    const { haircut } = JSON.parse(haircutToJson(STORY));
    expect(haircut.steps.effectiveWad).to.equal("3975000000000000000");
    expect(haircut.own.largest.returnWad).to.equal("-100000000000000000");
  });
});
