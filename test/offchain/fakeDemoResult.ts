import type {
  DemoResult,
  DemoStep,
  SampleAccount,
  SamplePoint,
} from "../../scripts/demo/result.ts";
import type { PriceFile } from "../../sdk/priceFile.ts";

const WAD = 10n ** 18n;

/**
 * A believable result that no run has produced: prices from `file`, everything else made up. For looking at the page
 * and for its tests only.
 */
export function fakeDemoResult(file: PriceFile, collateral: "WETH" | "WBTC" = "WETH"): DemoResult {
  const series = fakeSeries(file, collateral);
  const sum = (key: "callsIssued" | "callsCured" | "callsExpired" | "liquidations"): number =>
    series.reduce((total, step) => total + step[key], 0);
  return {
    parameters: {
      priceFile: file.name,
      accounts: 400,
      seed: 7,
      curingShare: 0.5,
      steps: series.length,
    },
    counts: {
      callsIssued: sum("callsIssued"),
      callsCured: sum("callsCured"),
      callsExpired: sum("callsExpired"),
      liquidations: sum("liquidations"),
      writeOffs: 2,
      accountsTouched: 121,
    },
    values: {
      repaidValue: 3_412_907n * WAD + 5n * 10n ** 17n,
      leastValue: 3_398_120n * WAD,
      bonusValue: 98_344n * WAD,
      feesValue: 17_064n * WAD,
      badDebtValue: 1_873n * WAD + 1n,
      lendersResultValue: 18_204n * WAD,
      lendersInterestValue: 20_077n * WAD,
      collateralSeizedValue: 3_528_315n * WAD + 5n * 10n ** 17n,
      ownersEquityStartValue: 9_120_400n * WAD,
      ownersEquityEndValue: 4_870_112n * WAD,
    },
    haircuts: {
      mode: "measured",
      collaterals: new Map([
        [
          collateral,
          {
            start: { initialPpm: 268_800n, maintenancePpm: 131_000n },
            worst: { initialPpm: 512_345n, maintenancePpm: 287_000n },
            end: { initialPpm: 498_000n, maintenancePpm: 280_000n },
            average: { initialPpm: 390_120n, maintenancePpm: 205_000n },
          },
        ],
      ]),
      creditWad: 712n * 10n ** 15n,
      debtStartValue: 4_870_112n * WAD,
      refreshes: 512,
      refreshGas: 98_765_432n,
    },
    badDebt: [
      {
        account: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8-0001",
        at: series[Math.floor(series.length / 2)]?.at ?? 0,
        value: 1_501n * WAD,
        reason: "LINK fell 21.4 % between two price steps, more than the account's whole cushion.",
      },
      {
        account: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC-0002",
        at: series[Math.floor(series.length / 2) + 1]?.at ?? 0,
        value: 372n * WAD + 1n,
        reason: "WETH fell 20.9 % between two price steps <while a clock ran>.",
      },
    ],
    series,
    sample: fakeSample(series, collateral),
    invariants: {
      "The vault holds at least what it owes, for every asset.": true,
      "Nothing was taken from an account at or above its maintenance line.": true,
      "No liquidation lowered the health of an account.": true,
      "Lenders' claims and losses add up to what the pools hold and are owed.": false,
    },
    seconds: 74.213,
  };
}

function fakeSeries(file: PriceFile, collateral: "WETH" | "WBTC"): DemoStep[] {
  const last = new Map<string, bigint>();
  const first = new Map<string, bigint>();
  let before = 1;
  return file.unix.map((at, index) => {
    const relativePrices: Record<string, bigint | undefined> = {};
    for (const [asset, prices] of file.prices) {
      const price = prices[index] ?? last.get(asset);
      if (price !== undefined) last.set(asset, price);
      if (price !== undefined && !first.has(asset)) first.set(asset, price);
      const base = first.get(asset);
      relativePrices[asset] =
        price === undefined || base === undefined ? undefined : (price * WAD) / base;
    }
    const now = Number(relativePrices[collateral] ?? WAD) / 1e18;
    const fall = Math.max(0, before - now);
    before = now;
    return {
      at,
      relativePrices,
      callsIssued: Math.floor(fall * 260),
      callsCured: Math.floor(fall * 117),
      callsExpired: Math.floor(fall * 66),
      liquidations: Math.floor(fall * 150),
    };
  });
}

function fakeSample(series: readonly DemoStep[], collateral: "WETH" | "WBTC"): SampleAccount {
  let debt = 0.62;
  let calledAt: number | undefined;
  const points: SamplePoint[] = [];
  const events: { type: "callIssued" | "callExpired" | "liquidated"; at: number; text: string }[] =
    [];
  for (const { at, relativePrices } of series) {
    const price = Number(relativePrices[collateral] ?? WAD) / 1e18;
    const coverage = (0.86 * price) / debt;
    if (coverage < 1 && calledAt === undefined) {
      calledAt = at;
      events.push({
        type: "callIssued",
        at,
        text: "Margin call: restore 1,240 USD of cover within 1 h 40 min.",
      });
    }
    if (coverage < 0.97) {
      debt *= 0.82;
      events.push({
        type: "liquidated",
        at,
        text: "Liquidated: 2,310 USD of debt repaid, 2,380 USD of WETH taken.",
      });
    } else if (calledAt !== undefined && coverage < 1 && at - calledAt > 6000) {
      debt *= 0.88;
      calledAt = undefined;
      events.push({ type: "callExpired", at, text: "The deadline passed without a cure." });
      events.push({
        type: "liquidated",
        at,
        text: "Liquidated: 1,120 USD of debt repaid, 1,139 USD of WETH taken.",
      });
    }
    points.push({
      at,
      coverageWad: BigInt(Math.round(coverage * 1e9)) * 10n ** 9n,
      initialLineWad: 1_080_000_000_000_000_000n,
      maintenanceLineWad: WAD,
      closeOutLineWad: 972_000_000_000_000_000n,
    });
  }
  return {
    account: "0x90F79bf6EB2c4f870365E785982E1f101E93b906-0003",
    assets: [collateral, "USDC"],
    points,
    events,
  };
}
