import fc from "fast-check";
import * as accountId from "../../sdk/accountId.ts";
import * as callClock from "../../sdk/callClock.ts";
import * as compactFloat from "../../sdk/compactFloat.ts";
import * as debtShares from "../../sdk/debtShares.ts";
import * as haircutPath from "../../sdk/haircutPath.ts";
import * as interestModel from "../../sdk/interestModel.ts";
import * as mathLib from "../../sdk/mathLib.ts";
import * as rateCap from "../../sdk/rateCap.ts";
import * as rewardIndex from "../../sdk/rewardIndex.ts";
import * as sizeBrackets from "../../sdk/sizeBrackets.ts";
import * as jump from "../../sdk/jump.ts";
import * as slowAverage from "../../sdk/slowAverage.ts";
import * as throttle from "../../sdk/throttle.ts";
import * as tierPath from "../../sdk/tierPath.ts";
import * as variance from "../../sdk/variance.ts";
import * as waterfall from "../../sdk/waterfall.ts";
import {
  address,
  anyPpm,
  assets,
  between,
  bps,
  index,
  ppm,
  price,
  seconds,
  shareUnit,
  uint,
  uint127,
  upTo,
  value,
} from "./arbitraries.ts";
import { sameOn } from "./compare.ts";

describe("parity: the small libraries", () => {
  const same = sameOn("MathHarness");

  same(
    "tierPath",
    "surchargeUp",
    fc.tuple(bps, bps, fc.oneof(fc.constant(0n), seconds), fc.oneof(fc.constant(0n), seconds)),
    tierPath.surchargeUp,
  );
  same("tierPath", "raised", fc.tuple(bps, bps, bps), tierPath.raised);

  const returnWad = upTo(2n ** 69n).map((size) => size - 2n ** 68n);
  const nearJump = fc
    .tuple(upTo(10n ** 22n), upTo(200_000n), fc.constantFrom(-1n, 0n, 1n), fc.constantFrom(-1n, 1n))
    .map(([varianceWad, elapsedFor, offset, sign]) => {
      const span = elapsedFor < jump.SPAN_LEAST_FOR ? jump.SPAN_LEAST_FOR : elapsedFor;
      const least = variance.rootUp((64n * 10n ** 18n * varianceWad * span) / variance.YEAR_FOR);
      const triple: [bigint, bigint, bigint] = [sign * (least + offset), varianceWad, elapsedFor];
      return triple;
    });
  const anyReturn = fc.tuple(returnWad, upTo(10n ** 22n), seconds);
  same("jump", "isJump", fc.oneof(anyReturn, nearJump), jump.isJump);
  const answer = upTo(2n ** 127n).map((size) => size + 1n);
  same("jump", "distanceWad", fc.tuple(answer, answer), jump.distanceWad);

  const divisor = upTo(2n ** 200n);
  same("mathLib", "mulDivDown", fc.tuple(uint127, uint127, divisor), mathLib.mulDivDown);
  same("mathLib", "mulDivUp", fc.tuple(uint127, uint127, divisor), mathLib.mulDivUp);
  same("mathLib", "min", fc.tuple(uint, uint), mathLib.min);
  same("mathLib", "max", fc.tuple(uint, uint), mathLib.max);
  same("mathLib", "zeroFloorSub", fc.tuple(uint, uint), mathLib.zeroFloorSub);
  same("mathLib", "clamp", fc.tuple(uint, uint, uint), mathLib.clamp);
  same("mathLib", "productAtLeast", fc.tuple(uint, uint, uint, uint), mathLib.productAtLeast);

  const number = upTo(2n ** 128n - 1n);
  const mantissaBits = fc.constantFrom(9n, 33n, 24n, 1n);
  const code = fc
    .tuple(mantissaBits, upTo(127n), upTo(2n ** 33n - 1n))
    .map(([bits, exponent, mantissa]): [bigint, bigint] => [
      (exponent << bits) | (mantissa & ((1n << bits) - 1n)),
      bits,
    ]);
  same("compactFloat", "encodeDown", fc.tuple(number, mantissaBits), compactFloat.encodeDown);
  same("compactFloat", "encodeUp", fc.tuple(number, mantissaBits), compactFloat.encodeUp);
  same("compactFloat", "decode", code, compactFloat.decode);

  const depth = fc.oneof(value, fc.constant(2n ** 128n - 1n));
  const segment = upTo(5n);
  same("sizeBrackets", "creditDown", fc.tuple(value, depth, anyPpm), sizeBrackets.creditDown);
  same(
    "sizeBrackets",
    "shareOfCreditDown",
    fc.tuple(value, value, depth, anyPpm),
    sizeBrackets.shareOfCreditDown,
  );
  same("sizeBrackets", "weightWad", fc.tuple(segment, anyPpm), sizeBrackets.weightWad);
  same("sizeBrackets", "segmentStart", fc.tuple(segment, depth), sizeBrackets.segmentStart);

  same("haircutPath", "initialAfter", fc.tuple(ppm, ppm, seconds), haircutPath.initialAfter);
  same(
    "haircutPath",
    "maintenanceAfter",
    fc.tuple(ppm, ppm, seconds),
    haircutPath.maintenanceAfter,
  );
  same("haircutPath", "climbed", fc.tuple(ppm, seconds), haircutPath.climbed);
  same("haircutPath", "ticksBetween", fc.tuple(seconds, seconds), haircutPath.ticksBetween);

  same("slowAverage", "next", fc.tuple(price, price, upTo(3_600n)), slowAverage.next);

  const curve = fc.record({
    baseBps: bps,
    kinkBps: upTo(10_100n),
    slopeBelowBps: bps,
    slopeAboveBps: upTo(100_000n),
  });
  const utilisation = upTo(10n ** 18n);
  const yearlyRate = upTo(50n * 10n ** 18n);
  same("interestModel", "utilisationUp", fc.tuple(assets, assets), interestModel.utilisationUp);
  same("interestModel", "yearlyRateUp", fc.tuple(utilisation, curve), interestModel.yearlyRateUp);
  same(
    "interestModel",
    "indexAfterUp",
    fc.tuple(index, yearlyRate, seconds),
    interestModel.indexAfterUp,
  );

  const anyIndex = orZero(index);
  const shares = upTo(2n ** 80n);
  same("debtShares", "toSharesUp", fc.tuple(assets, anyIndex, shareUnit), debtShares.toSharesUp);
  same(
    "debtShares",
    "toSharesDown",
    fc.tuple(assets, anyIndex, shareUnit),
    debtShares.toSharesDown,
  );
  same("debtShares", "toAssetsUp", fc.tuple(shares, anyIndex, shareUnit), debtShares.toAssetsUp);
  same(
    "debtShares",
    "toAssetsDown",
    fc.tuple(shares, anyIndex, shareUnit),
    debtShares.toAssetsDown,
  );

  const line = upTo(2n ** 72n - 1n);
  const growth = upTo(2n ** 64n - 1n);
  same("rateCap", "toWad", fc.tuple(uint, upTo(18n)), rateCap.toWad);
  same("rateCap", "growthDown", fc.tuple(line, ppm), rateCap.growthDown);
  same("rateCap", "allowedDown", fc.tuple(line, growth, upTo(2n ** 40n - 1n)), rateCap.allowedDown);
  same("rateCap", "lineAfter", fc.tuple(line, line, growth), rateCap.lineAfter);

  const reward = upTo(2n ** 104n - 1n);
  const total = orZero(upTo(2n ** 96n - 1n));
  const time = fc.oneof(seconds, upTo(7_776_000n));
  const rewardIndexes = upTo(2n ** 216n - 1n);
  same(
    "rewardIndex",
    "releasedDown",
    fc.tuple(reward, time, orZero(time)),
    rewardIndex.releasedDown,
  );
  same(
    "rewardIndex",
    "spanAfter",
    fc.tuple(orZero(reward), time, orZero(reward), time),
    rewardIndex.spanAfter,
  );
  same(
    "rewardIndex",
    "indexAfterDown",
    fc.tuple(upTo(2n ** 215n), reward, total),
    rewardIndex.indexAfterDown,
  );
  same(
    "rewardIndex",
    "accruedDown",
    fc.tuple(fc.oneof(assets, uint), rewardIndexes, rewardIndexes),
    rewardIndex.accruedDown,
  );

  const used = between(-(10n ** 20n), 10n ** 20n);
  const hours = upTo(2n ** 24n - 1n);
  const unitValue = orZero(between(1n, 10n ** 22n));
  same("callClock", "cureFor", fc.tuple(used, bps, hours, hours), callClock.cureFor);
  same("callClock", "amountUp", fc.tuple(value, value, unitValue), callClock.amountUp);
  same("callClock", "leastAmount", fc.tuple(value, value), callClock.leastAmount);

  same("callClock", "deadlineAfter", fc.tuple(seconds, seconds, seconds), callClock.deadlineAfter);

  const usd = upTo(10n ** 33n);
  same("throttle", "limitDown", fc.tuple(usd, bps, usd), throttle.limitDown);
  same("throttle", "applies", fc.tuple(usd, usd, used), throttle.applies);
  same("throttle", "levelAfter", fc.tuple(usd, usd, seconds), throttle.levelAfter);
  same("throttle", "roomDown", fc.tuple(usd, usd, usd, usd), throttle.roomDown);
  same("throttle", "repaidDown", fc.tuple(usd, upTo(10n ** 18n)), throttle.repaidDown);
  same("throttle", "keptUp", fc.tuple(usd), throttle.keptUp);

  same("waterfall", "bear", fc.tuple(uint, uint), (loss, layer) => ({
    ...waterfall.bear(loss, layer),
  }));
  same("waterfall", "split", fc.tuple(uint, uint, uint), (loss, feeAssets, fundAssets) => ({
    ...waterfall.split(loss, feeAssets, fundAssets),
  }));

  const tag = upTo(2n ** 96n - 1n);
  const account = fc.tuple(address, tag).map(([owner, own]) => accountId.toAccountId(owner, own));
  same("accountId", "toAccountId", fc.tuple(address, tag), accountId.toAccountId);
  same("accountId", "ownerOf", fc.tuple(account), accountId.ownerOf);
  same("accountId", "tagOf", fc.tuple(account), accountId.tagOf);
});

/** Mostly the number, sometimes 0, which nothing can be divided by. */
function orZero(number: fc.Arbitrary<bigint>): fc.Arbitrary<bigint> {
  return fc.oneof({ weight: 9, arbitrary: number }, { weight: 1, arbitrary: fc.constant(0n) });
}
