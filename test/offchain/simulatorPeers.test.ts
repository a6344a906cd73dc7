import { assert } from "chai";
import { aaveV3, bestCall } from "../../sdk/simulator/aaveV3.ts";
import type { Look } from "../../sdk/simulator/accounts.ts";
import { absorb, compoundV3 } from "../../sdk/simulator/compoundV3.ts";
import { keeperCostUp } from "../../sdk/simulator/keeperCost.ts";
import type { Snapshot } from "../../sdk/snapshot.ts";
import { isNear, owed, pledged, REFERENCE, stepAt, tenTokens, usd } from "./simulatorSamples.ts";

const AAVE = {
  collaterals: new Map([
    [0n, { liquidationBonusBps: 105_00n, protocolFeeBps: 10_00n }],
    [1n, { liquidationBonusBps: 107_00n, protocolFeeBps: 10_00n }],
  ]),
  reference: REFERENCE,
};

const COMPOUND = {
  liquidationFactorBps: new Map([
    [0n, 95_00n],
    [1n, 93_00n],
  ]),
  storeFrontPriceFactorBps: 60_00n,
  reference: REFERENCE,
};

function near(found: bigint | undefined, dollars: number): void {
  assert(
    found !== undefined && isNear(found, usd(dollars)),
    `found ${found}, expected ${usd(dollars)}`,
  );
}

function onlyTaking(look: Look<undefined>) {
  assert.lengthOf(look.events, 1);
  const [event] = look.events;
  assert(event?.type === "forced");
  return event;
}

describe("the rule of Aave v3.3", () => {
  const call = (snapshot: Snapshot) => bestCall(snapshot, AAVE.collaterals);

  it("leaves an account at a health factor of 1 alone", () => {
    assert.isUndefined(call(tenTokens(8_000)));
  });

  it("repays half of the debt above a health factor of 0.95, with the bonus, less the treasury's share of it", () => {
    const found = call(tenTokens(8_100)); // 8,000 / 8,100 = 0.988
    near(found?.repaidValue, 4_050);
    near(found?.takenValue, 4_252.5);
    near(found?.soldValue, 4_232.25); // a tenth of the bonus of 202.50 is the treasury's
    near(found?.gainValue, 182.25);
    near(found?.snapshot.collaterals[0]?.assets, 5.7475);
    near(found?.snapshot.debts[0]?.assets, 4_050);
  });

  it("repays a debt whole at a health factor of 0.95 and below", () => {
    assert(isNear(call(tenTokens(8_421))?.repaidValue ?? 0n, usd(4_210.5))); // 0.95001
    const found = call(tenTokens(8_422)); // 0.94989
    near(found?.repaidValue, 8_422);
    near(found?.takenValue, 8_843.1);
    assert.isEmpty(found?.snapshot.debts);
  });

  it("repays a debt or out of a collateral below 2,000 USD whole", () => {
    const small = { collaterals: [pledged(0, 1.95, 1_000)], debts: [owed(2, 1_580)] }; // 0.987
    near(call(small)?.repaidValue, 1_580);
    const large = { collaterals: [pledged(0, 2.5, 1_000)], debts: [owed(2, 2_020)] }; // 0.990
    near(call(large)?.repaidValue, 1_010);
  });

  it("takes half of the whole position, so a smaller debt may go whole", () => {
    const two = { collaterals: [pledged(0, 10, 1_000)], debts: [owed(2, 3_000), owed(3, 5_100)] };
    near(call(two)?.repaidValue, 4_050);
    const even = { collaterals: [pledged(0, 10, 1_000)], debts: [owed(2, 4_050), owed(3, 4_050)] };
    near(call(even)?.repaidValue, 4_050);
    assert.lengthOf(call(even)?.snapshot.debts ?? [], 1);
  });

  it("leaves no debt and no collateral below 1,000 USD unless it clears one", () => {
    const two = { collaterals: [pledged(0, 10, 1_000)], debts: [owed(2, 3_100), owed(3, 5_000)] };
    near(call(two)?.repaidValue, 4_000); // not 4,050, which would leave 950
    const thin = {
      collaterals: [pledged(0, 5, 1_000), pledged(1, 5, 1_000)],
      debts: [owed(2, 8_100)],
    };
    near(call(thin)?.takenValue, 4_000); // 4,050 at 7 % would leave 666.50 of 5,000
  });

  it("takes the pair that gains most", () => {
    const two = {
      collaterals: [pledged(0, 8, 1_000), pledged(1, 8, 1_000)],
      debts: [owed(2, 12_900)],
    };
    const found = call(two); // half is 6,450: at 7 % 6,901.50 of the second collateral
    near(found?.takenValue, 6_901.5);
    near(found?.snapshot.collaterals[1]?.assets, 1.0985);
  });

  it("takes all where collateral is short, and the rest of the debt is bad", () => {
    const found = call(tenTokens(9_800)); // 9,800 · 1.05 = 10,290 > 10,000
    near(found?.repaidValue, 9_523.80952381);
    near(found?.takenValue, 10_000);
    near(found?.badDebtValue, 276.19047619);
    assert.isEmpty(found?.snapshot.collaterals);
    assert.isEmpty(found?.snapshot.debts);
  });

  it("is applied again while the account stays liquidatable, and not when the bonus does not cover gas", () => {
    const weak = {
      collaterals: [pledged(0, 5, 1_000), pledged(1, 5, 1_000)],
      debts: [owed(2, 8_800)],
    };
    const view = { snapshot: weak, standing: undefined, nowAt: 0n };
    const look = aaveV3(AAVE).look({ ...view, step: stepAt(0, 1_000) });
    const taking = onlyTaking(look);
    // 5,000 at 7 % repay 4,672.90; of the 4,127.10 that are left against 4,000 of cover, half goes at 5 %
    near(taking.repaidValue, 4_672.897196262 + 2_063.551401869);
    near(taking.takenValue, 5_000 + 2_166.728971963);
    near(look.snapshot.debts[0]?.assets, 2_063.551401869);
    const dear = aaveV3(AAVE).look({ ...view, step: stepAt(0, 1_000, 10n ** 12n) });
    assert.isEmpty(dear.events);
  });

  it("is measured by the least that reaches Surety's target", () => {
    const snapshot = tenTokens(8_100);
    const look = aaveV3(AAVE).look({
      snapshot,
      standing: undefined,
      nowAt: 0n,
      step: stepAt(0, 1_000),
    });
    near(onlyTaking(look).leastValue, 3927.718040621); // (1.15 · 8,100 − 8,000) / (1.15 − 0.8 · 1.019)
  });
});

describe("the rule of Compound v3", () => {
  it("leaves a covered account alone", () => {
    assert.isUndefined(absorb(tenTokens(8_000), COMPOUND));
  });

  it("takes all collateral, repays the debt whole and returns the rest of the credit", () => {
    const found = absorb(tenTokens(8_100), COMPOUND);
    near(found?.takenValue, 10_000);
    near(found?.creditValue, 9_500);
    near(found?.repaidValue, 8_100);
    near(found?.returnedValue, 1_400);
    near(found?.discountValue, 300); // 60 % of the penalty of 500
    assert.equal(found?.badDebtValue, 0n);
  });

  it("leaves debt beyond the credit to the reserves", () => {
    const found = absorb(tenTokens(9_800), COMPOUND);
    near(found?.repaidValue, 9_500);
    near(found?.badDebtValue, 300);
    assert.equal(found?.returnedValue, 0n);
  });

  it("credits each collateral at its own factor", () => {
    const two = {
      collaterals: [pledged(0, 5, 1_000), pledged(1, 5, 1_000)],
      debts: [owed(2, 5_000), owed(3, 3_100)],
    };
    near(absorb(two, COMPOUND)?.creditValue, 4_750 + 4_650);
  });

  it("counts the penalty on all collateral as the owner's loss, and acts when the discount covers the cost", () => {
    const view = { snapshot: tenTokens(8_100), standing: undefined, nowAt: 0n };
    const look = compoundV3(COMPOUND).look({ ...view, step: stepAt(0, 1_000) });
    const taking = onlyTaking(look);
    near(taking.lossValue, 500);
    near(taking.returnedValue, 1_400);
    assert.isEmpty(look.snapshot.collaterals);
    const dear = compoundV3(COMPOUND).look({ ...view, step: stepAt(0, 1_000, 300n * 10n ** 9n) });
    assert.isEmpty(dear.events); // 0.15 ether at 2,000 and 30 of slippage are above 300
  });
});

describe("what it costs a keeper to sell collateral", () => {
  it("is slippage and gas", () => {
    const step = stepAt(0, 1_000, 30n * 10n ** 9n);
    near(keeperCostUp(usd(10_000), 1, step), 30 + 30); // 30 bps; 500,000 gas at 30 gwei is 0.015 ether
    near(keeperCostUp(0n, 3, step), 48); // 800,000 gas
  });
});
