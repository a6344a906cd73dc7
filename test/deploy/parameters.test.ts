import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { poolNumberOf } from "../../deploy/arguments.ts";
import { ParametersInvalid, parseParameters, readParameters } from "../../deploy/schema.ts";
import { probeAssets } from "../../sdk/probe.ts";
import { planDeployment } from "../../deploy/plan.ts";
import SuretyBaseSepolia from "../../deploy/modules/SuretyBaseSepolia.ts";
import SuretyLocal from "../../deploy/modules/SuretyLocal.ts";
import SuretySepolia from "../../deploy/modules/SuretySepolia.ts";
import { complaintsOf, fileOf, type Raw, rawFile, set } from "./rawFile.ts";

const FILES = ["local", "sepolia", "baseSepolia"] as const;
const RATE = {
  provider: `0x${"11".repeat(20)}`,
  function: "convertToAssets(uint256)",
  decimals: 18,
  growthPpm: "300",
};

describe("parameter files", () => {
  for (const name of FILES) {
    it(`${name}.json5 is valid and makes a plan`, () => {
      const params = readParameters(fileOf(name));
      expect(params.network.name).to.equal(name);
      const steps = planDeployment(params, 0n);
      expect(new Set(steps.map(({ id }) => id)).size).to.equal(steps.length);
      expect(steps.at(-1)?.id).to.equal("renounce_ADMIN");
    });
  }

  it("make a rate of what they say of one", () => {
    const raw = rawFile("local");
    set(raw, "assets.0.feed.rate", RATE);
    set(raw, "sleeves", []); // no sleeve goes through a rate
    const steps = planDeployment(parseParameters("rate.json5", raw), 0n);
    const listing = steps.find(({ id }) => id === "listAsset_WETH");
    expect(listing?.args[1]).to.have.deep.property("rate", {
      provider: RATE.provider,
      selector: "0x07a2d13a", // convertToAssets(uint256)
      decimals: 18n,
      growthPpm: 300n,
    });
    const other = steps.find(({ id }) => id === "listAsset_WBTC");
    expect(other?.args[1]).to.have.deep.property("rate", {
      provider: `0x${"0".repeat(40)}`,
      selector: "0x00000000",
      decimals: 0n,
      growthPpm: 0n,
    });
  });

  it("number pools in their order, and none that is not there", () => {
    const { pools } = readParameters(fileOf("local"));
    expect(["USDC", "DAI"].map((cash) => poolNumberOf(pools, cash))).to.deep.equal([0n, 1n]);
    expect(() => poolNumberOf(pools, "GHO")).to.throw(RangeError, '"GHO"');
  });

  it("send what a listing tries transfers with", () => {
    for (const [name, decimals, type] of [
      ["local", 18, "MockToken.mint"],
      ["sepolia", 18, "IERC20Metadata.transfer"],
      ["baseSepolia", 18, "IERC20Metadata.transfer"],
    ] as const) {
      const params = readParameters(fileOf(name));
      const steps = planDeployment(params, 0n);
      const sent = steps.filter(({ id }) => id.startsWith("sendProbe_"));
      expect(sent.length).to.equal(params.assets.length);
      const weth = sent.find(({ id }) => id === "sendProbe_WETH");
      expect(weth?.type === "call" && `${weth.contract}.${weth.method}`).to.equal(type);
      expect(weth?.args[1]).to.equal(10n ** BigInt(decimals - 6));
      const listed = steps.findIndex(({ id }) => id === "listAsset_WETH");
      expect(weth !== undefined && steps.indexOf(weth) < listed).to.equal(true);
    }
  });

  it("ask for a probe of a millionth, at least 10,000 units, at most a token", () => {
    const needed = [0, 2, 3, 4, 6, 8, 10, 12, 18].map(probeAssets);
    const expected = [1n, 100n, 1_000n, 10_000n, 10_000n, 10_000n, 10_000n, 10n ** 6n, 10n ** 12n];
    expect(needed).to.deep.equal(expected);
  });

  it("become modules of Ignition", () => {
    const ids = [SuretyLocal, SuretySepolia, SuretyBaseSepolia].map(({ id }) => id);
    expect(ids).to.deep.equal(["SuretyLocal", "SuretySepolia", "SuretyBaseSepolia"]);
  });

  const cases: readonly (readonly [string, (raw: Raw) => void, string])[] = [
    [
      "a number out of bounds",
      (raw) => set(raw, "risk.closeOutBps", "60_00"),
      'risk.closeOutBps: found "60_00", allowed: 500 to 5000',
    ],
    [
      "a number as number",
      (raw) => set(raw, "risk.feeBps", 50),
      "risk.feeBps: found number, allowed: string",
    ],
    [
      "a number with an exponent",
      (raw) => set(raw, "risk.feeBps", "1e2"),
      'risk.feeBps: found "1e2", allowed: a whole number such as "20_00"',
    ],
    [
      "a duration without unit",
      (raw) => set(raw, "risk.cureMinFor", "600"),
      'risk.cureMinFor: found "600", allowed: a duration such as "90 minutes", "2 hours" or "1 day"',
    ],
    [
      "a missing name",
      (raw) => set(raw, "risk.dustValue", undefined),
      "risk.dustValue: found nothing, allowed: string",
    ],
    [
      "an unknown name",
      (raw) => set(raw, "risk.gamma", "1"),
      'risk: found "gamma", allowed: only the known names',
    ],
    [
      "an address of wrong checksum",
      (raw) => set(raw, "assets.0.token", "0xFfF9976782d46CC05630D1f6eBAb18b2324d6B14"),
      'assets[0].token: found "0xFfF9976782d46CC05630D1f6eBAb18b2324d6B14", allowed: an address whose capitals are its checksum',
    ],
    [
      "the zero address",
      (raw) => set(raw, "roles.admin.holder", `0x${"0".repeat(40)}`),
      `roles.admin.holder: found "0x${"0".repeat(40)}", allowed: an address, not zero; "given"; on a local chain also "account N"`,
    ],
    [
      "an admin without delay",
      (raw) => set(raw, "roles.admin.delayFor", "0 seconds"),
      "roles.admin.delayFor: found 0 s, allowed: more than 0 s",
    ],
    [
      "a broken listing rule",
      (raw) => set(raw, "pairs.0.maxBonusBps", "15_00"),
      "pairs[0].maxBonusBps: found 1500, allowed against USDC by the listing rule: at most 1011",
    ],
    [
      "an initial target below the maintenance one",
      (raw) => set(raw, "pairs.0.maintenanceTargetPpm", "240_000"),
      "pairs[0].maintenanceTargetPpm: found 240000, allowed: at most initialTargetPpm, which is 230000",
    ],
    [
      "a cap above twice the depth",
      (raw) => set(raw, "assets.0.cap", "1_000_000"),
      "pairs[0]: value of the cap: found 2500000000000000000000000000, allowed: at most 2 · depth, which is 800000000000000000000000000",
    ],
    [
      "an asset twice",
      (raw) => set(raw, "assets.1.symbol", "WETH"),
      "assets: found WETH twice, allowed: once",
    ],
    [
      "a pair of an unknown pool",
      (raw) => set(raw, "pairs.0.pools", ["GHO"]),
      'pairs: found "GHO", allowed: USDC, DAI',
    ],
    [
      "mocks on a live network",
      (raw) => set(raw, "network.kind", "live"),
      'assets[0]: found "mock", allowed on a live network: addresses',
    ],
    [
      "a rate without a provider",
      (raw) => set(raw, "assets.0.feed.rate", { ...RATE, provider: undefined }),
      "assets[0].feed.rate.provider: found nothing, allowed: string",
    ],
    [
      "a rate of a function with arguments",
      (raw) => set(raw, "assets.0.feed.rate", { ...RATE, function: "previewRedeem(uint256)" }),
      'assets[0].feed.rate.function: allowed: "convertToAssets(uint256)", or the name of a function without arguments and "()"',
    ],
    [
      "a rate that grows by more than half a percent a day",
      (raw) => set(raw, "assets.0.feed.rate", { ...RATE, growthPpm: "5_001" }),
      'assets[0].feed.rate.growthPpm: found "5_001", allowed: 10 to 5000',
    ],
    [
      "a variance that is none",
      (raw) => set(raw, "assets.0.measure.stressVariance", "0"),
      'assets[0].measure.stressVariance: found "0", allowed: 1 to 10000000000000000000000 · 10^-18 a year',
    ],
    [
      "a lag with seconds",
      (raw) => set(raw, "pairs.0.model.maxLagFor", "3601 seconds"),
      'pairs[0].model.maxLagFor: found "3601 seconds", allowed: whole minutes',
    ],
    [
      "a floor above the stress",
      (raw) => set(raw, "pairs.0.model.floorVariance", "5"),
      "pairs[0].model.floorVariance: found 5000000000000000000, allowed: at most stressVariance, which is 4200000000000000000",
    ],
    [
      "a longer horizon at maintenance",
      (raw) => set(raw, "pairs.0.model.horizonMaintenanceFor", "6 days"),
      "pairs[0].model.horizonMaintenanceFor: found 518400, allowed: at most horizonInitialFor, which is 432000",
    ],
    [
      "a depth above what may be posted",
      (raw) => set(raw, "pairs.0.model.highestDepth", "1"),
      "pairs[0].depth: found 400000000000000000000000000, allowed: at most model.highestDepth, which is 1000000000000000000",
    ],
    [
      "a model of an asset that nobody measures",
      (raw) => set(raw, "assets.4.measure", undefined),
      'pairs[0].model: found USDC without "measure", allowed: measured assets',
    ],
    [
      "a model against the own pool",
      (raw) => set(raw, "pairs.4.pools", ["DAI", "USDC"]),
      "pairs[4].model: found the pool of USDC itself, allowed: pools of other assets",
    ],
    [
      "a kind of network that is none",
      (raw) => set(raw, "network.kind", "main"),
      "network.kind: allowed: local, live",
    ],
  ];
  for (const [what, change, complaint] of cases) {
    it(`refuse ${what}`, () => {
      const raw = rawFile("local");
      change(raw);
      expect(complaintsOf(() => parseParameters("x.json5", raw))).to.include(complaint);
    });
  }

  it("say which file cannot be read", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "surety-")), "broken.json5");
    writeFileSync(file, "{ network: ");
    expect(() => readParameters(file)).to.throw(
      ParametersInvalid,
      "broken.json5:\n  cannot be read as JSON5: ",
    );
    expect(() => readParameters(`${file}.missing`)).to.throw(
      ParametersInvalid,
      "broken.json5.missing:\n",
    );
  });
});
