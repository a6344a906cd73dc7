import { assert } from "chai";
import {
  formatDecimal,
  formatDuration,
  formatPrice,
  formatRatio,
  formatShare,
  formatTokens,
  formatUsd,
  listed,
  wrap,
} from "../../scripts/explain/format.ts";
import { storiesToJson } from "../../scripts/explain/json.ts";
import { renderStories } from "../../scripts/explain/text.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import type {
  AccountBefore,
  LegStory,
  Liquidated,
  Occurrence,
  Pool,
  Token,
  WrittenOff,
} from "../../sdk/explain/stories.ts";

const WAD = 10n ** 18n;
const OWNER = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";
const LIQUIDATOR = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f";
const AT = 1_600_000_000n; // 2020-09-13 12:26:40 UTC
const WETH: Token = { address: `0x${"11".repeat(20)}`, symbol: "WETH", decimals: 18 };
const USDC: Token = { address: `0x${"22".repeat(20)}`, symbol: "USDC", decimals: 6 };
const POOL: Pool = { id: 0n, address: `0x${"33".repeat(20)}`, cash: USDC };

/** 10 WETH at 1,690 USD against 15,000 USDC: the example of the overview */
const BEFORE: AccountBefore = {
  block: 99,
  collaterals: [
    {
      token: WETH,
      assets: 10n * WAD,
      price: 1_690n * WAD,
      isFresh: true,
      haircutPpm: 145_000n,
      depthValue: 400_000_000n * WAD,
      value: 16_900n * WAD,
      creditValue: 14_449_500n * 10n ** 15n,
      isSeizurePaused: false,
    },
  ],
  debts: [
    {
      pool: POOL,
      assets: 15_000_000_000n,
      price: 10n ** 30n,
      factorPpm: 1_000_000n,
      value: 15_000n * WAD,
      requirement: 15_000n * WAD,
    },
  ],
  health: {
    collateralValue: 16_900n * WAD,
    debtValue: 15_000n * WAD,
    coverInitial: 13_013n * WAD,
    coverMaintenance: 14_449_500n * 10n ** 15n,
    requirement: 15_000n * WAD,
  },
  navValue: 1_900n * WAD,
  cushionValue: 2_450_500n * 10n ** 15n,
  usedWad: 224_648_031_014_078_759n,
  coverageWad: 963_300_000_000_000_000n,
  callState: "healthy",
  parameters: {
    closeOutBps: 2_000n,
    targetShareBps: 6_000n,
    targetMinBps: 10n,
    targetMaxBps: 2_500n,
    bonusMinBps: 100n,
    bonusPerUsedBps: 200n,
    bonusPerHourBps: 100n,
    feeBps: 50n,
    cureMinFor: 600n,
    cureMaxFor: 7_200n,
    roundingValue: 10n,
    minimumTransferValue: 100n,
    dustValue: 100n,
    throttleBps: 5_000n,
  },
};

const OCCURRENCE: Occurrence = {
  chainId: 1n,
  transactionHash: `0x${"ab".repeat(32)}`,
  vault: `0x${"44".repeat(20)}`,
  block: 100,
  at: AT,
  logIndex: 3,
  account: toAccountId(OWNER, 0n),
  owner: OWNER,
  tag: 0n,
  liquidator: LIQUIDATOR,
  liquidations: 1n,
  gas: { payer: LIQUIDATOR, gasUsed: 350_000n, costWei: 7_000_000_000_000_000n, closings: 1 },
  picture: { type: "exact" },
  before: BEFORE,
  call: { type: "none" },
};

const LEG: LegStory = {
  collateral: WETH,
  pool: POOL,
  collateralPrice: 1_690n * WAD,
  debtPrice: 10n ** 30n,
  haircutPpm: 145_000n,
  repaidAssets: 9_024_770_000n,
  repaidValue: 9_024_770_000n * 10n ** 12n,
  feeAssets: 45_123_850n,
  feeValue: 45_123_850n * 10n ** 12n,
  seizedAssets: 5_444_195n * 10n ** 12n,
  seizedValue: 9_200_690n * 10n ** 15n,
  bonusWad: 14_493_000_000_000_000n,
  leastValue: 9_024_770_000n * 10n ** 12n,
  extent: { type: "least" },
  terms: {
    pairMostWad: WAD / 10n,
    shapedWad: 14_493_000_000_000_000n,
    rewardWad: 61_500_000_000_000_000n,
    capWad: 126_666_666_666_666_666n,
    cap: "equity",
    bound: "nothing",
    bonusWad: 14_493_000_000_000_000n,
    feeWad: 5_000_000_000_000_000n,
  },
  holdingAssets: 4_555_805n * 10n ** 12n,
  debtAssets: 5_975_230_000n,
};

const LIQUIDATION: Liquidated = {
  ...OCCURRENCE,
  type: "liquidation",
  cause: { type: "closeOut" },
  coverageBeforeWad: BEFORE.coverageWad,
  coverageAfterWad: 1_101_700_000_000_000_001n,
  targetBps: 1_017n,
  legs: [LEG],
  totals: {
    repaidValue: LEG.repaidValue,
    feeValue: LEG.feeValue,
    seizedValue: LEG.seizedValue,
    earnedValue: LEG.seizedValue - LEG.repaidValue - LEG.feeValue,
  },
  terms: {
    severityWad: 14_493_000_000_000_000n,
    timeWad: WAD / 100n,
    bonusWad: 14_493_000_000_000_000n,
    presentTargetBps: 1_017n,
    episodeTargetBps: 0n,
  },
  least: {
    repaidValue: LEG.repaidValue,
    seizedValue: LEG.seizedValue,
    legs: 1,
    reachesTarget: true,
    doneToLeastWad: WAD,
  },
};

const WRITE_OFF: WrittenOff = {
  ...OCCURRENCE,
  type: "writeOff",
  collaterals: [
    {
      token: WETH,
      price: 1_000n * WAD,
      seizedAssets: 10n * WAD,
      seizedValue: 10_000n * WAD,
      leftAssets: 0n,
      leftValue: 0n,
      left: undefined,
    },
  ],
  debts: [
    {
      pool: POOL,
      price: 10n ** 30n,
      repaidAssets: 9_900_990_100n,
      repaidValue: 9_900_990_100n * 10n ** 12n,
      lossAssets: 5_099_009_900n,
      lossValue: 5_099_009_900n * 10n ** 12n,
      keptAssets: 0n,
      keptShares: 0n,
      layers: [
        { name: "fees", assets: 45_000_000n },
        { name: "setAside", assets: 0n },
        { name: "fund", assets: 1_000_000_000n },
        { name: "lenders", assets: 4_054_009_900n },
      ],
    },
  ],
  totals: {
    repaidValue: 9_900_990_100n * 10n ** 12n,
    feeValue: 0n,
    seizedValue: 10_000n * WAD,
    earnedValue: 99_009_900n * 10n ** 12n,
  },
  lossValue: 5_099_009_900n * 10n ** 12n,
};

/** The text with each run of blanks and line ends as one blank. */
function flat(...stories: Parameters<typeof renderStories>[0]): string {
  return renderStories(stories).replaceAll(/\s+/g, " ");
}

describe("the text of a liquidation", () => {
  it("begins with one paragraph that says it all", () => {
    assert.include(
      flat(LIQUIDATION),
      `Account ${OWNER} owed 15,000 USDC (15,000.00 USD) against 10 WETH (16,900.00 USD); its coverage was 0.9633. It had used 22.465 % of its cushion, more than the 20 % at which close-out begins. ${LIQUIDATOR} repaid 9,024.77 USDC for 5.444195 WETH (9,024.77 USD for 9,200.69 USD); coverage is 1.1017 after it, at its target of 1.1017.`,
    );
  });

  it("names the call, its amount and when it expired", () => {
    const text = flat({
      ...LIQUIDATION,
      cause: { type: "expired", deadline: AT - 65n, defaultedFor: 65n },
      call: {
        type: "standing",
        events: [
          {
            type: "issued",
            block: 50,
            at: AT - 3_665n,
            amountValue: 2_450n * WAD,
            deadline: AT - 365n,
            coverageWad: 990_000_000_000_000_000n,
            transactionHash: OCCURRENCE.transactionHash,
          },
          { type: "paused", block: 51, at: AT - 3_000n, leftFor: 2_635n },
          { type: "resumed", block: 52, at: AT - 2_700n, deadline: AT - 65n },
          { type: "expired", block: 100, at: AT, deadline: AT - 65n },
        ],
      },
    });
    assert.include(
      text,
      "Its margin call of 2,450.00 USD expired at 2020-09-13 12:25:35 UTC, 1 min 5 s earlier.",
    );
    assert.include(text, "block 50: issued for 2,450.00 USD at coverage 0.9900, to cure by");
    assert.include(text, "block 51: paused with 43 min 55 s left");
    assert.include(text, "block 52: resumed, to cure by 2020-09-13 12:25:35 UTC");
  });

  it("has the account, the bonus, the least and the shares", () => {
    const text = flat(LIQUIDATION);
    for (const part of [
      "Cushion it must keep 2,450.50 USD",
      "Target 1.1017: 1 + 60 % · cushion / A, between 0.1 % and 25 % = 1.1017.",
      "Bonus 1.449 %: the larger of 1.449 % by severity (1 % + 2 % · 22.465 % used) and 1 % by time, as no call had expired.",
      "bonus and fee may be 12.667 % together: the bonus must not eat more than the equity, which took nothing from them.",
      "Done: 9,024.77 USD, 1.0000 times that.",
      "it cost 175.92 USD.",
      "Fee reserve of USDC: 45.12 USD.",
      "Liquidator: 130.80 USD before gas and slippage. Gas: 350,000 for 0.007 ETH.",
    ]) {
      assert.include(text, part);
    }
  });

  it("says what dust, a maximum or the throttle did to a leg", () => {
    const withExtent = (extent: LegStory["extent"]) =>
      flat({ ...LIQUIDATION, legs: [{ ...LEG, extent }] });
    assert.include(
      withExtent({ type: "dust", extraValue: 42n * WAD }),
      "42.00 USD more than the least: less would have left dust",
    );
    assert.include(
      withExtent({ type: "limited", by: "throttle", openAssets: 10_000_000_000n }),
      "limited by the throttle of the collateral, so that a thin market is not sold into at once. Without it 10,000 USDC would have been repaid.",
    );
    assert.include(
      withExtent({ type: "limited", by: "maximum", openAssets: 10_000_000_000n }),
      "limited by the liquidator's own maximum",
    );
    assert.include(withExtent({ type: "nothing" }), "Size: nothing");
  });

  it("says which cap took from the bonus, and what the first liquidation of an episode set", () => {
    const terms = LEG.terms;
    assert(terms !== undefined && LIQUIDATION.terms !== undefined);
    const text = flat({
      ...LIQUIDATION,
      legs: [{ ...LEG, terms: { ...terms, cap: "episodeCoverage", bound: "bonus", feeWad: 0n } }],
      terms: { ...LIQUIDATION.terms, bonusWad: WAD / 80n, episodeTargetBps: 900n },
    });
    assert.include(text, "coverage at the episode's first liquidation, which left a bonus of");
    assert.include(text, "at most 1.25 %, the bonus of the episode's first liquidation");
    assert.include(text, "an earlier liquidation of this episode set 1.0900, which is less");
  });

  it("says below, at or above the target, or that no debt is left", () => {
    const ending = (coverageAfterWad: bigint) => flat({ ...LIQUIDATION, coverageAfterWad });
    assert.include(ending(WAD), "coverage is 1.0000 after it, below its target of 1.1017");
    assert.include(ending((WAD * 12n) / 10n), "above its target of 1.1017");
    assert.include(ending(2n ** 256n - 1n), "; no debt is left.");
  });

  it("says how far to trust what is not in the event", () => {
    assert.include(
      flat({ ...LIQUIDATION, picture: { type: "blockBefore", earlierEvents: 2 } }),
      "The account was touched 2 times earlier in block 100. The account before is that of block 99",
    );
    assert.include(
      flat({ ...LIQUIDATION, picture: { type: "approximate" } }),
      "something else moved in between",
    );
    const forgotten = flat({
      ...LIQUIDATION,
      picture: { type: "none", reason: "state is pruned." },
      before: undefined,
      terms: undefined,
      least: undefined,
      legs: [{ ...LEG, terms: undefined, debtAssets: undefined }],
    });
    assert.include(forgotten, "ask an archive node. It said: state is pruned.");
    assert.include(forgotten, "owed USDC against WETH; its coverage was 0.9633.");
    assert.notInclude(forgotten, "undefined");
  });
});

describe("the text of a write-off", () => {
  it("says what was paid, taken and lost, and who bears it, whatever layers there are", () => {
    const text = flat(WRITE_OFF);
    assert.include(
      text,
      `its coverage was 0.9633: it was insolvent. ${LIQUIDATOR} paid 9,900.99 USD and took 10 WETH (10,000.00 USD); 5,099.01 USD were lost to the pools.`,
    );
    assert.include(
      text,
      "Pool of USDC: the loss is borne by its fee reserve 45 USDC, then its insurance fund 1,000 USDC, then its lenders 4,054.0099 USDC.",
    );
    assert.include(text, "Liquidator: 99.01 USD before gas");
  });

  it("says what stays with which debt", () => {
    const [taken] = WRITE_OFF.collaterals;
    const [settled] = WRITE_OFF.debts;
    assert(taken !== undefined && settled !== undefined);
    const kept = { ...taken, seizedAssets: 0n, seizedValue: 0n, leftAssets: 10n * WAD };
    const story: WrittenOff = {
      ...WRITE_OFF,
      collaterals: [{ ...kept, left: "stale" }],
      debts: [{ ...settled, keptShares: 5n, keptAssets: 5_000_000n }],
    };
    const text = flat(story);
    assert.include(text, "took nothing");
    assert.include(text, "10 WETH could not be taken: the account keeps it, with 5 USDC of debt.");
    assert.include(text, "no fresh price: cannot be taken");
  });
});

describe("the text of several stories", () => {
  it("counts them, shares the gas, names who paid it, and stays within 100 columns", () => {
    const gas = { ...OCCURRENCE.gas, payer: OWNER, closings: 2 };
    const text = renderStories([
      { ...LIQUIDATION, gas },
      { ...WRITE_OFF, gas },
    ]);
    assert.include(text, "Liquidation (1 of 2)\n====================");
    assert.include(text, "Write-off (2 of 2)");
    assert.include(text.replaceAll(/\s+/g, " "), `0.007 ETH, for 2 accounts, paid by ${OWNER}.`);
    for (const line of text.split("\n")) assert.isAtMost(line.length, 100, line);
  });

  it("becomes JSON with every amount as a decimal string", () => {
    const { stories } = JSON.parse(storiesToJson([LIQUIDATION]));
    assert.equal(stories[0].legs[0].seizedAssets, "5444195000000000000");
    assert.equal(stories[0].block, 100);
  });
});

describe("numbers in stories", () => {
  it("round half away from 0 and keep their marks", () => {
    assert.equal(formatDecimal(1_234_565n, 3, 2), "1,234.57");
    assert.equal(formatDecimal(-1_234_565n, 3, 2), "−1,234.57");
    assert.equal(formatDecimal(12n, 1, 3), "1.200");
    assert.equal(formatDecimal(-1n, 3, 0), "0");
    assert.equal(formatUsd(1_234n * WAD + WAD / 8n), "1,234.13 USD");
    assert.equal(formatUsd(25n * 10n ** 13n), "0.00025 USD");
    assert.equal(formatTokens(1n, { ...WETH, symbol: "X" }), "0.000000000000000001 X");
    assert.equal(formatTokens(0n, USDC), "0 USDC");
    assert.equal(formatPrice(10n ** 30n, USDC), "1");
    assert.equal(formatPrice(9_996n * 10n ** 26n, USDC), "0.9996");
    assert.equal(formatRatio(2n ** 256n - 1n), "no debt");
    assert.equal(formatShare(WAD / 3n), "33.333 %");
    assert.equal(formatDuration(0n), "0 s");
    assert.equal(formatDuration(93_784n), "1 d 2 h");
  });

  it("stand in lists and lines", () => {
    assert.equal(listed([]), "nothing");
    assert.equal(listed(["a", "b", "c"]), "a, b and c");
    const lines = wrap(`${"word ".repeat(40)}end`, "Note: ").split("\n");
    assert(lines.every((line) => line.length <= 96));
    assert.match(lines[1] ?? "", /^ {6}word/);
  });
});
