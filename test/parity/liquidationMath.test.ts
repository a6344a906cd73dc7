import fc from "fast-check";
import * as liquidationMath from "../../sdk/liquidationMath.ts";
import {
  anyPpm,
  between,
  bps,
  collateralLine,
  debtLine,
  leg,
  seconds,
  sized,
  upTo,
  value,
} from "./arbitraries.ts";
import { sameIn } from "./compare.ts";

const WAD = 10n ** 18n;

describe("parity: liquidationMath", () => {
  const same = sameIn("liquidationMath", "LiquidationHarness");

  const weight = anyPpm.map((number) => number * 10n ** 12n);
  const ratio = between(WAD, 2n * WAD);
  const used = fc.oneof(between(-10n * WAD, 10n * WAD), fc.constant(2n ** 127n - 1n));

  same("targetBps", fc.tuple(value, value, bps, bps, bps), liquidationMath.targetBps);
  same("bonusWad", fc.tuple(used, seconds, bps, bps, bps, bps), liquidationMath.bonusWad);
  same(
    "shapedBonusWad",
    fc.tuple(upTo(50n * WAD), upTo(2n * WAD), weight, upTo(WAD / 10n)),
    liquidationMath.shapedBonusWad,
  );
  same("pairRewardWad", fc.tuple(leg), liquidationMath.pairRewardWad);
  same("wantedBonusWad", fc.tuple(leg), liquidationMath.wantedBonusWad);
  same("suffices", fc.tuple(leg), liquidationMath.suffices);
  same("gapWad", fc.tuple(ratio, ratio, upTo(4n * WAD)), liquidationMath.gapWad);
  same("cappedBonus", fc.tuple(leg, weight), (pair, weightWad) => ({
    ...liquidationMath.cappedBonus(pair, weightWad),
  }));
  same(
    "leastRepaymentUp",
    fc.tuple(value, value, ratio, ratio, weight, ratio),
    liquidationMath.leastRepaymentUp,
  );
  same("size", fc.tuple(leg), (pair) => ({ ...liquidationMath.size(pair) }));
  same("repayAmounts", fc.tuple(sized, value, debtLine), (parts, debtValue, line) => ({
    ...liquidationMath.repayAmounts(parts, debtValue, line),
  }));
  same("seizeAmount", fc.tuple(sized, value, value, collateralLine), liquidationMath.seizeAmount);
  same("writeOffPaymentUp", fc.tuple(value, value, upTo(WAD)), liquidationMath.writeOffPaymentUp);
});
