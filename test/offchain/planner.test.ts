import { expect } from "chai";
import { type CallStanding, type LiquidationRules, NO_EPISODE } from "../../sdk/liquidationRun.ts";
import { leastLiquidation, previewLiquidation } from "../../sdk/planner.ts";
import type { CollateralLine, DebtLine, Snapshot } from "../../sdk/snapshot.ts";
import { writeOffPlan } from "../../sdk/writeOff.ts";

const WAD = 10n ** 18n;
const ALL = 2n ** 256n - 1n;
const BOTTOMLESS = 10n ** 30n;
const NOT_CALLED: CallStanding = {
  state: "healthy",
  deadline: 0n,
  episodeTargetBps: 0n,
  episode: NO_EPISODE,
  nowAt: 1_000n,
};
const EXPIRED: CallStanding = { ...NOT_CALLED, state: "called", deadline: 999n };

/** Tokens are worth a dollar each. */
function collateral(id: number, dollars: bigint, haircutPpm: bigint): CollateralLine {
  return {
    id: BigInt(id),
    asset: `0x${String(id).repeat(40)}`,
    assets: dollars * WAD,
    totalAssets: dollars * WAD,
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    haircutInitialPpm: haircutPpm,
    haircutMaintenancePpm: haircutPpm,
    depthValue: BOTTOMLESS,
  };
}

function debt(id: number, dollars: bigint, factorPpm = 1_000_000n): DebtLine {
  return {
    id: BigInt(id),
    pool: `0x${String(id).repeat(40)}`,
    assetId: 9n,
    shares: dollars * WAD,
    index: 10n ** 12n,
    shareUnit: 1n,
    assets: dollars * WAD,
    price: WAD,
    slowPrice: WAD,
    isFresh: true,
    factorPpm,
  };
}

function rulesOf(snapshot: Snapshot, maxBonusBps = 1_000n): LiquidationRules {
  return {
    parameters: {
      closeOutBps: 2_000n,
      targetShareBps: 6_000n,
      targetMinBps: 10n,
      targetMaxBps: 2_500n,
      bonusMinBps: 100n,
      bonusPerUsedBps: 800n,
      bonusPerHourBps: 100n,
      feeBps: 50n,
      cureMinFor: 600n,
      cureMaxFor: 7_200n,
      roundingValue: 10n,
      minimumTransferValue: 100n,
      dustValue: 100n,
      throttleBps: 5_000n,
    },
    collaterals: snapshot.collaterals.map(() => ({
      isSeizurePaused: false,
      seizableAt: 0n,
      deepestValue: 10n ** 40n,
      levelValue: 0n,
      levelAt: 0n,
      accountLevelValue: 0n,
      accountLevelAt: 0n,
      maxBonusBps: snapshot.debts.map(() => maxBonusBps),
    })),
  };
}

// 10,000 at a haircut of 20 % covers 8,000
const COVERED: Snapshot = {
  collaterals: [collateral(1, 10_000n, 200_000n)],
  debts: [debt(0, 8_000n)],
};
// cover 8,000 of 8,300; the cushion is 2,000, 300 of it are used
const CALLABLE: Snapshot = { ...COVERED, debts: [debt(0, 8_300n)] };
// 500 of 2,000 are used: a quarter
const BEYOND: Snapshot = { ...COVERED, debts: [debt(0, 8_500n)] };
// 9,900 · 1.015 is above 10,000: the least bonus and the fee are not there
const INSOLVENT: Snapshot = { ...COVERED, debts: [debt(0, 9_900n)] };

describe("planner", () => {
  it("says why nothing can be done", () => {
    const typeOf = (snapshot: Snapshot, call: CallStanding) =>
      leastLiquidation(snapshot, rulesOf(snapshot), call).type;
    expect(typeOf(COVERED, EXPIRED)).to.equal("covered");
    expect(typeOf(CALLABLE, NOT_CALLED)).to.equal("notCalled");
    expect(typeOf(CALLABLE, { ...EXPIRED, deadline: 1_000n })).to.equal("cureTimeLeft");
    expect(typeOf(INSOLVENT, EXPIRED)).to.equal("insolvent");
    const stale = { ...BEYOND, debts: [{ ...debt(0, 8_500n), isFresh: false }] };
    expect(leastLiquidation(stale, rulesOf(stale), EXPIRED)).to.deep.equal({
      type: "unpriced",
      pools: [0n],
    });
    const dark = {
      ...BEYOND,
      collaterals: [{ ...collateral(1, 10_000n, 200_000n), isFresh: false }],
    };
    expect(typeOf(dark, EXPIRED)).to.equal("blocked");
  });

  it("repays the least that reaches the target", () => {
    const plan = leastLiquidation(BEYOND, rulesOf(BEYOND), NOT_CALLED);
    if (plan.type !== "liquidate") throw new Error(`planned as ${plan.type}`);
    expect(plan.cause).to.equal("closeOut");
    expect(plan.usedWad).to.equal(WAD / 4n);
    expect(plan.targetBps).to.equal(1_500n); // 1 + 3/5 · 2,000 / 8,000
    // s = 1 + 1 % + 8 % / 4 + 0.5 % = 1.035; x = (1.15 · 8,500 − 8,000) / (1.15 − 0.8 · 1.035) = 1,775 / 0.322
    expect(plan.repaidValue / (WAD / 100n)).to.equal(551_242n);
    expect(plan.bonusValue / (WAD / 100n)).to.equal(16_537n); // 3 %
    expect(plan.feeValue / (WAD / 100n)).to.equal(2_756n); // 0.5 %
    expect(plan.reachesTarget).to.equal(true);
    expect(plan.coverageAfterWad - 1_150_000_000_000_000_000n < 10n).to.equal(true);
  });

  it("pays for the time since default", () => {
    const late = { ...EXPIRED, nowAt: 999n + 5n * 3_600n };
    const plan = leastLiquidation(CALLABLE, rulesOf(CALLABLE), late);
    if (plan.type !== "liquidate") throw new Error(`planned as ${plan.type}`);
    expect(plan.cause).to.equal("expired");
    expect((plan.bonusValue * 10_000n) / plan.repaidValue).to.equal(599n); // 1 % + 5 hours · 1 %, seized rounded down
  });

  it("takes the collateral that loses the least cover, for the debt that counts most", () => {
    const snapshot: Snapshot = {
      collaterals: [collateral(1, 6_000n, 100_000n), collateral(2, 6_000n, 400_000n)],
      debts: [debt(0, 4_600n), debt(1, 4_700n, 1_050_000n)],
    };
    const plan = leastLiquidation(snapshot, rulesOf(snapshot), EXPIRED);
    if (plan.type !== "liquidate") throw new Error(`planned as ${plan.type}`);
    expect(plan.legs[0]).to.deep.equal({ collateral: 1, debt: 1, maxRepaidAssets: ALL });
    const worse = previewLiquidation(snapshot, rulesOf(snapshot), EXPIRED, [
      { collateral: 0, debt: 0, maxRepaidAssets: ALL },
      ...plan.legs,
    ]);
    if (worse.type !== "liquidate") throw new Error(`planned as ${worse.type}`);
    expect(worse.repaidValue > plan.repaidValue).to.equal(true);
  });

  it("refuses legs that the chain would refuse", () => {
    const tiny = previewLiquidation(BEYOND, rulesOf(BEYOND), EXPIRED, [
      { collateral: 0, debt: 0, maxRepaidAssets: WAD },
    ]);
    expect(tiny.type).to.equal("blocked");
    expect(() =>
      previewLiquidation(BEYOND, rulesOf(BEYOND), EXPIRED, [
        { collateral: 1, debt: 0, maxRepaidAssets: ALL },
      ]),
    ).to.throw("collateral line 1 found");
  });

  it("writes off what is insolvent: the collateral less the least bonus is paid, the rest is lost", () => {
    const plan = writeOffPlan(INSOLVENT, rulesOf(INSOLVENT), 1_000n);
    expect(plan.type).to.equal("writeOff");
    if (plan.type !== "writeOff") return;
    const paid = (10_000n * WAD * 100n) / 101n + 1n;
    expect(plan.settled[0]?.repaidAssets).to.equal(9_900n * WAD); // 10,000 / 1.01 is above what is owed
    expect(plan.taken[0]?.seizedAssets).to.equal(9_999n * WAD);
    const deep: Snapshot = { ...INSOLVENT, debts: [debt(0, 12_000n)] };
    const loss = writeOffPlan(deep, rulesOf(deep), 1_000n);
    if (loss.type !== "writeOff") throw new Error(`planned as ${loss.type}`);
    expect(loss.settled[0]?.repaidAssets).to.equal(paid);
    expect(loss.settled[0]?.lossAssets).to.equal(12_000n * WAD - paid);
    expect(loss.taken[0]?.holdingAssets).to.equal(0n);
  });

  it("says why nothing is written off", () => {
    expect(writeOffPlan(COVERED, rulesOf(COVERED), 1_000n).type).to.equal("covered");
    expect(writeOffPlan(BEYOND, rulesOf(BEYOND), 1_000n).type).to.equal("solvent");
    const stale = { ...INSOLVENT, debts: [{ ...debt(0, 9_900n), isFresh: false }] };
    expect(writeOffPlan(stale, rulesOf(stale), 1_000n).type).to.equal("unpriced");
    const dark = {
      ...INSOLVENT,
      collaterals: [{ ...collateral(1, 10_000n, 200_000n), isFresh: false }],
    };
    expect(writeOffPlan(dark, rulesOf(dark), 1_000n).type).to.equal("notSeizable");
  });
});
