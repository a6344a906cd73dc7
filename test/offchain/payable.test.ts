// Plans of somebody without cash: what is seized pays at once, or is not seized.
import { expect } from "chai";
import { mulDivDown, WAD } from "../../sdk/mathLib.ts";
import { payableBonus, payableLiquidation } from "../../sdk/payable.ts";
import { leastLiquidation, previewLiquidation } from "../../sdk/planner.ts";
import { type Payout, payoutDown, payoutValue, redeemableDown } from "../../sdk/sleeves.ts";
import { accountToLiquidate, type Case } from "./accountsToLiquidate.ts";

const SEED = 20_241_122;
const SHAPE = { collaterals: 4, debts: 3, dustValue: 100n };
const ASSET = `0x${"aa".repeat(20)}`;

/** Shares of a sleeve pay this part of what the account has of them, at this part of their price. */
function payoutOf({ snapshot }: Case, place: number, partBps: bigint, priceBps: bigint): Payout {
  const line = snapshot.collaterals[place];
  if (line === undefined) throw new RangeError("no such collateral");
  const shares = mulDivDown(line.assets, partBps, 10_000n);
  // one asset for one share
  const price = mulDivDown(line.price, priceBps, 10_000n);
  return { sleeve: line.asset, asset: ASSET, price, shares, assets: shares };
}

describe("payable liquidation", () => {
  const cases = Array.from({ length: 400 }, (_, number) => accountToLiquidate(SEED, number, SHAPE));

  it("is the least one where the sleeve pays for all", () => {
    for (const account of cases) {
      const { snapshot, rules, call } = account;
      const payouts = snapshot.collaterals.map((_, place) =>
        payoutOf(account, place, 10_000n, 10_000n),
      );
      const plan = leastLiquidation(snapshot, rules, call);
      expect(payableLiquidation(snapshot, rules, call, payouts)).to.deep.equal(plan);
      if (plan.type !== "liquidate") continue;
      // what each leg brings is rounded down by itself in both
      expect(payableBonus(plan, payouts)).to.equal(plan.bonusValue);
    }
  });

  it("takes no more of a sleeve than it pays for, and only what the chain would do", () => {
    const met = { cut: 0, leftOut: 0, nothing: 0 };
    for (const [number, account] of cases.entries()) {
      const { snapshot, rules, call } = account;
      const place = number % snapshot.collaterals.length;
      const payouts = [payoutOf(account, place, BigInt((number * 37) % 6_000), 10_000n)];
      const [payout] = payouts;
      const least = leastLiquidation(snapshot, rules, call);
      const plan = payableLiquidation(snapshot, rules, call, payouts);
      if (least.type !== "liquidate" || payout === undefined) continue;
      if (plan.type === "sleevePaysNothing") {
        met.nothing += 1;
        continue;
      }
      if (plan.type !== "liquidate") throw new Error(`account ${number}: ${plan.type}`);
      const seized = plan.receipts
        .filter(({ asset }) => asset === payout.sleeve)
        .reduce((sum, { seizedAssets }) => sum + seizedAssets, 0n);
      // a hundredth is the most that a run leaves with the liquidator
      expect(seized * 99n <= payout.shares * 100n, `account ${number}`).to.equal(true);
      expect(previewLiquidation(snapshot, rules, call, plan.legs)).to.deep.equal(plan);
      if (plan.repaidValue === least.repaidValue) continue;
      if (seized === 0n) met.leftOut += 1;
      else met.cut += 1;
    }
    expect(Math.min(met.cut, met.leftOut, met.nothing), JSON.stringify(met)).to.be.above(0);
  });

  it("leaves shares that are paid below their price", () => {
    let left = 0;
    for (const account of cases) {
      const { snapshot, rules, call } = account;
      const payouts = [payoutOf(account, 0, 10_000n, 9_800n)];
      const plan = payableLiquidation(snapshot, rules, call, payouts);
      const least = leastLiquidation(snapshot, rules, call);
      if (least.type !== "liquidate") continue;
      const isTaken = (legs: readonly { readonly collateral: number }[]) =>
        legs.some(({ collateral }) => collateral === 0);
      if (!isTaken(least.legs)) expect(plan).to.deep.equal(least);
      else left += 1;
      if (plan.type === "liquidate") expect(isTaken(plan.legs)).to.equal(false);
      else expect(plan.type).to.equal("sleevePaysNothing");
    }
    expect(left).to.be.above(20);
  });

  it("counts what comes for shares, rounded down, and never more than was found", () => {
    const payout = { sleeve: "", asset: ASSET, price: 2n * WAD, shares: 3n, assets: 10n };
    expect(payoutDown(payout, 1n)).to.equal(3n);
    expect(payoutDown(payout, 3n)).to.equal(10n);
    expect(payoutDown(payout, 100n)).to.equal(10n);
    expect(payoutDown({ ...payout, shares: 0n, assets: 0n }, 5n)).to.equal(0n);
    expect(payoutValue(payout, 2n)).to.equal(12n);
  });

  it("asks a sleeve that pays a part for a little less than it says", () => {
    expect(redeemableDown(1_000_000n, 1_000_000n)).to.equal(1_000_000n);
    expect(redeemableDown(1_000_000n, 2_000_000n)).to.equal(1_000_000n);
    expect(redeemableDown(2_000_000n, 1_000_000n)).to.equal(999_000n);
    expect(redeemableDown(2n, 0n)).to.equal(0n);
  });
});
