import { expect } from "chai";
import { planDeployment } from "../../deploy/plan.ts";
import { parseParameters } from "../../deploy/schema.ts";
import { complaintsOf, type Raw, rawFile, set } from "./rawFile.ts";

const VENUE = `0x${"22".repeat(20)}`;

/** A complaint that a file gets after a change. */
type Case = readonly [what: string, change: (raw: Raw) => void, complaint: string];

const OF_A_SLEEVE: readonly Case[] = [
  [
    "an unlisted asset",
    (raw) => set(raw, "sleeves.0.asset", "MKR"),
    'sleeves: found "MKR", allowed: WETH, WBTC, LINK, STETH, USDC, DAI, USDT, FRAX, UST',
  ],
  [
    "a kind that is none",
    (raw) => set(raw, "sleeves.0.kind", "wallet"),
    "sleeves[0].kind: allowed: allocator, pool",
  ],
  [
    "a venue for a pool",
    (raw) => set(raw, "sleeves.1.venues", []),
    'sleeves[1]: found "venues", allowed: only the known names',
  ],
  [
    "a pool of another asset's",
    (raw) => set(raw, "sleeves.1.asset", "USDT"),
    'sleeves[1].asset: found "USDT", allowed: USDC, DAI',
  ],
  [
    "a cap above that of the asset",
    (raw) => set(raw, "sleeves.0.cap", "280_001"),
    "sleeves[0].cap: found 280_001, allowed: at most the cap of WETH, which is 280_000",
  ],
  [
    "a cap with more digits than the shares of a pool",
    (raw) => set(raw, "sleeves.1.cap", "1.0000000000001"),
    'sleeves[1].cap: found "1.0000000000001", allowed: at most 12 digits after the point',
  ],
  [
    "a cap above twice the depth",
    (raw) => set(raw, "sleeves.0.cap", "80_001"),
    "sleeves[0].pairs[0]: value of the cap: found 200002500000000000000000000, allowed: at most 2 · depth, which is 200000000000000000000000000",
  ],
  [
    "caps of two sleeves above that of the asset",
    (raw) => {
      const [first, second] = [sleeveOf(raw, 0), { ...sleeveOf(raw, 0), symbol: "tsWETH" }];
      set(raw, "assets.0.cap", "100_000");
      set(raw, "sleeves", [first, second]);
    },
    "sleeves: found caps of 70_000 and 70_000 of WETH, allowed together: at most its own, which is 100_000",
  ],
  [
    "an asset whose price goes through a rate",
    (raw) =>
      set(raw, "assets.0.feed.rate", {
        provider: VENUE,
        function: "stEthPerToken()",
        decimals: 18,
        growthPpm: "300",
      }),
    "sleeves[0].asset: found WETH with a rate, allowed: an asset whose feed is its whole price",
  ],
  [
    "the same sleeve twice",
    (raw) => set(raw, "sleeves", [sleeveOf(raw, 1), sleeveOf(raw, 1)]),
    "sleeves: found syUSDC twice, allowed: once",
  ],
  [
    "the symbol of something else",
    (raw) => set(raw, "sleeves.0.symbol", "WBTC"),
    'sleeves: found symbol "WBTC", allowed: one of its own',
  ],
  [
    "a symbol with spaces",
    (raw) => set(raw, "sleeves.0.symbol", "s WETH"),
    "sleeves[0].symbol: allowed: letters and digits, first a letter",
  ],
  [
    "more assets than the registry holds",
    (raw) => {
      const many = Array.from({ length: 16 }, (_, i) => ({ ...sleeveOf(raw, 0), symbol: `s${i}` }));
      set(raw, "sleeves", many);
    },
    "sleeves: found 25 assets with shares of sleeves, allowed: at most 24",
  ],
  [
    "a growth that no rate has",
    (raw) => set(raw, "sleeves.0.growthPpm", "5_001"),
    'sleeves[0].growthPpm: found "5_001", allowed: 10 to 5000',
  ],
  [
    "a share of the debt above 140 %",
    (raw) => set(raw, "sleeves.0.terms.maxDebtShareBps", "140_01"),
    'sleeves[0].terms.maxDebtShareBps: found "140_01", allowed: 0 to 14000',
  ],
  [
    "a tolerance without a cap",
    (raw) => set(raw, "sleeves.1.terms.toleranceBps", "1"),
    "sleeves[1].terms.toleranceBps: found 1, allowed without a cap: 0",
  ],
];

const OF_AN_ALLOCATOR: readonly Case[] = [
  [
    "a buffer above 100 %",
    (raw) => set(raw, "sleeves.0.bufferBps", "100_01"),
    'sleeves[0].bufferBps: found "100_01", allowed: 0 to 10000',
  ],
  [
    "a fee above 30 %",
    (raw) => set(raw, "sleeves.0.feeBps", "30_01"),
    'sleeves[0].feeBps: found "30_01", allowed: 0 to 3000',
  ],
  [
    "a fee for nobody",
    (raw) => set(raw, "sleeves.0.feeReceiver", null),
    "sleeves[0].feeReceiver: found none, allowed with a fee: an address",
  ],
  [
    "a receiver that is none",
    (raw) => set(raw, "sleeves.0.feeReceiver", "treasury"),
    'sleeves[0].feeReceiver: found "treasury", allowed: an address, not zero',
  ],
  [
    "five venues",
    (raw) =>
      set(
        raw,
        "sleeves.0.venues",
        Array.from({ length: 5 }, () => venueOf(raw)),
      ),
    "sleeves[0].venues: found 5 venues, allowed: at most 4",
  ],
  [
    "a venue twice",
    (raw) => set(raw, "sleeves.0.venues", [at(venueOf(raw), VENUE), at(venueOf(raw), VENUE)]),
    `sleeves: venues: found ${VENUE} twice, allowed: once`,
  ],
  [
    "two sleeves of one asset with the same venue",
    (raw) => {
      const first = { ...sleeveOf(raw, 0), venues: [at(venueOf(raw), VENUE)] };
      set(raw, "sleeves", [first, { ...first, symbol: "tsWETH" }]);
    },
    `sleeves: venues: found ${VENUE} twice, allowed: once`,
  ],
  [
    "a venue that cannot be of the asset",
    (raw) => set(raw, "sleeves.0.venues.0.address", VENUE),
    `sleeves[0].venues[0].address: found ${VENUE}, a venue of another asset, allowed for the mock WETH: "mock"`,
  ],
  [
    "a venue that is a word",
    (raw) => set(raw, "sleeves.0.venues.0.address", "Aave"),
    'sleeves[0].venues[0].address: found "Aave", allowed: an address, not zero',
  ],
  [
    "a mock on a live network",
    (raw) => set(raw, "network.kind", "live"),
    'sleeves[0].venues[0].address: found "mock", allowed on a live network: an address',
  ],
  [
    "a venue with a cap above that of the sleeve",
    (raw) => set(raw, "sleeves.0.venues.1.cap", "70_000.5"),
    "sleeves[0].venues[1].cap: found 70_000.5, allowed: at most the cap of the sleeve, which is 70_000",
  ],
  [
    "a venue with a share above 100 %",
    (raw) => set(raw, "sleeves.0.venues.1.capBps", "100_01"),
    'sleeves[0].venues[1].capBps: found "100_01", allowed: 0 to 10000',
  ],
  [
    "a cap with more digits than the asset",
    (raw) => {
      set(raw, "assets.0.decimals", 6);
      set(raw, "sleeves.0.venues.0.cap", "1.0000001");
    },
    'sleeves[0].venues[0].cap: found "1.0000001", allowed: at most 6 digits after the point',
  ],
  [
    "a venue that grows faster than the shares may",
    (raw) => set(raw, "sleeves.0.venues.0.growthPpm", "401"),
    "sleeves[0].venues[0].growthPpm: found 401, allowed: at most sleeves[0].growthPpm, which is 400",
  ],
];

const OF_ITS_PAIRS: readonly Case[] = [
  [
    "no pair",
    (raw) => set(raw, "sleeves.0.pairs", []),
    "sleeves[0].pairs: found none, allowed: at least one",
  ],
  [
    "a pair of an unknown pool",
    (raw) => set(raw, "sleeves.0.pairs.0.pools", ["GHO"]),
    'sleeves[0].pairs: found "GHO", allowed: USDC, DAI',
  ],
  [
    "a pair twice",
    (raw) => set(raw, "sleeves.0.pairs.0.pools", ["DAI", "DAI"]),
    "sleeves[0].pairs: found DAI twice, allowed: once",
  ],
  [
    "a pair that its asset has not",
    (raw) => set(raw, "pairs.0.pools", ["USDC"]),
    "sleeves[0].pairs[0].pools: found DAI, allowed: pools against which WETH has a pair itself",
  ],
  [
    "a haircut below that of its asset",
    (raw) => set(raw, "sleeves.0.pairs.0.maintenanceTargetPpm", "144_999"),
    "sleeves[0].pairs[0].maintenanceTargetPpm: found 144999, allowed: at least that of WETH/USDC: maintenanceTargetPpm, which is 145000",
  ],
  [
    "a floor above the target",
    (raw) => set(raw, "sleeves.0.pairs.0.initialFloorPpm", "281_000"),
    "sleeves[0].pairs[0].initialFloorPpm: found 281000, allowed: at most initialTargetPpm, which is 280000",
  ],
  [
    "a broken listing rule",
    (raw) => set(raw, "sleeves.0.pairs.0.maxBonusBps", "20_00"),
    "sleeves[0].pairs[0].maxBonusBps: found 2000, allowed against USDC by the listing rule: at most 1470",
  ],
  [
    "governed haircuts where those of its asset are measured",
    (raw) => set(raw, "sleeves.0.pairs.0.model", undefined),
    "sleeves[0].pairs[0].model: found no measured haircuts, allowed: as that of WETH/USDC: model, which is measured",
  ],
  [
    "a peg below that of its asset",
    (raw) => set(raw, "sleeves.1.pairs.0.model.pegPpm", "29_999"),
    "sleeves[1].pairs[0].model.pegPpm: found 29999, allowed: at least that of USDC/DAI: model.pegPpm, which is 30000",
  ],
  [
    "another kind of measure than its asset",
    (raw) => set(raw, "sleeves.0.pairs.0.model.isPegged", true),
    "sleeves[0].pairs[0].model.isPegged: found true, allowed: as that of WETH/USDC: model.isPegged",
  ],
  [
    "a model of shares that nobody measures",
    (raw) => set(raw, "sleeves.0.measure", undefined),
    'sleeves[0].pairs[0].model: found ssWETH without "measure", allowed: measured assets',
  ],
];

describe("sleeves of parameter files", () => {
  for (const [what, change, complaint] of [...OF_A_SLEEVE, ...OF_AN_ALLOCATOR, ...OF_ITS_PAIRS]) {
    it(`refuse ${what}`, () => {
      const raw = rawFile("local");
      change(raw);
      expect(complaintsOf(() => parseParameters("x.json5", raw))).to.include(complaint);
    });
  }

  it("may be against the pool of their own cash, where the asset has no pair", () => {
    const raw = rawFile("local");
    const { model: _model, ...pair } = sleeveOf(raw, 1).pairs?.[0] ?? {};
    set(raw, "sleeves.1.pairs", [{ ...pair, pools: ["USDC"] }]);
    expect(complaintsOf(() => parseParameters("x.json5", raw))).to.deep.equal([]);
  });

  it("of an asset with few decimals have shares with eighteen, and the seed of a probe", () => {
    const raw = rawFile("local");
    set(raw, "sleeves.0.asset", "WBTC");
    set(raw, "sleeves.0.cap", "2_500");
    set(raw, "sleeves.0.venues", []);
    const steps = planDeployment(parseParameters("x.json5", raw), 0n);
    const argsOf = (id: string) => steps.find((step) => step.id === id)?.args;
    expect(argsOf("seed_Sleeve_ssWETH")?.[0]).to.equal(100n); // 10^12 of 10^18 shares, 10^10 for each unit
    expect(argsOf("setSupplyCap_Sleeve_ssWETH")?.[1]).to.equal(2_500n * 10n ** 18n);
    expect(argsOf("seed_Pool_USDC")?.[0]).to.equal(1n);
    expect(argsOf("listAsset_Sleeve_ssWETH")?.[1]).to.have.deep.nested.property(
      "rate.decimals",
      8n,
    );
  });

  it("are named before they may hold anything", () => {
    const steps = planDeployment(parseParameters("x.json5", rawFile("local")), 0n);
    const phaseOf = (id: string) => steps.find((step) => step.id === id)?.phase ?? 0;
    for (const id of ["Sleeve_ssWETH", "Pool_USDC"]) {
      expect(phaseOf(`listAsset_${id}`)).to.be.above(phaseOf(`seed_${id}`));
      expect(phaseOf(`setSleeve_${id}`)).to.be.above(phaseOf(`listAsset_${id}`));
      expect(phaseOf(`setSupplyCap_${id}`)).to.be.above(phaseOf(`setSleeve_${id}`));
      const listing = steps.find((step) => step.id === `listAsset_${id}`);
      expect(listing?.args[2]).to.equal(0n);
    }
  });

  it("send the fee to an address, or to nobody when there is none", () => {
    const raw = rawFile("local");
    const receiverOf = () =>
      planDeployment(parseParameters("x.json5", raw), 0n).find(
        ({ id }) => id === "setRules_Sleeve_ssWETH",
      )?.args[0];
    expect(receiverOf()).to.have.deep.property("feeReceiver", { account: 5 });
    set(raw, "sleeves.0.feeReceiver", VENUE);
    expect(receiverOf()).to.have.property("feeReceiver", VENUE);
    set(raw, "sleeves.0.feeReceiver", null);
    set(raw, "sleeves.0.feeBps", "0");
    expect(receiverOf()).to.have.property("feeReceiver", `0x${"0".repeat(40)}`);
  });
});

interface RawSleeve extends Raw {
  pairs?: readonly Raw[];
  venues?: readonly Raw[];
}

function sleeveOf(raw: Raw, index: number): RawSleeve {
  const sleeves = raw.sleeves as readonly RawSleeve[];
  return sleeves[index] ?? {};
}

function venueOf(raw: Raw): Raw {
  return sleeveOf(raw, 0).venues?.[0] ?? {};
}

function at(venue: Raw, address: string): Raw {
  return { ...venue, address };
}
