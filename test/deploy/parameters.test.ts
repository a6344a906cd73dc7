import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import JSON5 from "json5";
import { network } from "hardhat";
import { parseDecimal } from "../../deploy/quantity.ts";
import {
  type Parameters,
  ParametersInvalid,
  parseParameters,
  readParameters,
} from "../../deploy/schema.ts";
import { planDeployment } from "../../deploy/plan.ts";
import { suretyModule } from "../../deploy/module.ts";
import SuretyBaseSepolia from "../../deploy/modules/SuretyBaseSepolia.ts";
import SuretyLocal from "../../deploy/modules/SuretyLocal.ts";
import SuretySepolia from "../../deploy/modules/SuretySepolia.ts";
import { SPOKEN } from "../../deploy/contracts.ts";
import { chooseLocal } from "../../scripts/localParameters.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { root } from "../../scripts/runTool.ts";
import { fieldsOf } from "./support.ts";

const FILES = ["local", "sepolia", "baseSepolia"] as const;
const PAIR_FIELDS = [
  "initialFloorPpm",
  "initialCapPpm",
  "maintenanceFloorPpm",
  "maintenanceCapPpm",
  "initialTargetPpm",
  "maintenanceTargetPpm",
  "maxBonusBps",
] as const;
// Bounds are kept with 9 bits, caps with 28, depths with 33: exact to one part in 2^(bits − 1).
const BOUND_PARTS = 1n << 8n;
const CAP_PARTS = 1n << 27n;
const DEPTH_PARTS = 1n << 32n;
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
    const raw = JSON5.parse<Raw>(readFileSync(fileOf("local"), "utf8"));
    set(raw, "assets.0.feed.rate", RATE);
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
      const raw = JSON5.parse<Raw>(readFileSync(fileOf("local"), "utf8"));
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

describe("local.json5 on the chain", () => {
  const params = readParameters(fileOf("local"));
  let system: LocalSystem;

  before(async () => {
    const connection = await network.create();
    const asWritten = { delays: "asWritten", haircuts: "measured" } as const;
    system = await deployLocalSystem(await connection.ethers.getSigners(), asWritten);
    expect(system.params).to.deep.equal(params);
  });

  it("has its risk parameters", async () => {
    const found = fieldsOf(await system.vault.riskParameters());
    expect(found).to.deep.equal(params.risk);
  });

  it("has its assets, feeds, bounds and caps, in the order of the file", async () => {
    const found = await system.vault.assets();
    expect(found.length).to.equal(params.assets.length);
    for (const [id, asset] of params.assets.entries()) {
      const view = found[id];
      const { feed, decimals } = asset;
      expect(view?.asset).to.equal(system.asset(asset.symbol).address);
      expect(view?.id).to.equal(BigInt(id));
      expect(view?.capAssets).to.equal(parseDecimal(asset.cap, decimals));
      expect([view?.supplyPaused, view?.seizurePaused, view?.isFresh]).to.deep.equal([
        false,
        false,
        true,
      ]);
      expect(view?.feed).to.equal(await system.asset(asset.symbol).feed.getAddress());
      expect(view?.maxAgeFor).to.equal(feed.maxAgeFor);
      expect(view?.secondFeed).to.equal(`0x${"0".repeat(40)}`);
      expectWithin(
        view?.lowestAnswer,
        parseDecimal(feed.lowestPrice, feed.decimals),
        BOUND_PARTS,
        "up",
      );
      expectWithin(
        view?.highestAnswer,
        parseDecimal(feed.highestPrice, feed.decimals),
        BOUND_PARTS,
        "down",
      );
      const price = parseDecimal(asset.firstPrice ?? "", 18) * 10n ** BigInt(18 - decimals);
      expect(view?.price, asset.symbol).to.equal(price);
      expectWithin(view?.slowPrice, price, DEPTH_PARTS, "down");
    }
  });

  it("has its pools, their terms and funds, in the order of the file", async () => {
    const found = await system.vault.pools();
    expect(found.length).to.equal(params.pools.length);
    for (const [
      id,
      { asset, name, symbol, factorPpm, terms, fund: staking },
    ] of params.pools.entries()) {
      const { pool, fund, address, asset: cash } = system.pool(asset);
      const view = found[id];
      expect([view?.pool, view?.id, view?.asset]).to.deep.equal([
        address,
        BigInt(id),
        cash.address,
      ]);
      expect([view?.factorPpm, view?.borrowPaused]).to.deep.equal([factorPpm, false]);
      expect([await pool.name(), await pool.symbol()]).to.deep.equal([name, symbol]);
      expect(await pool.vault()).to.equal(system.vaultAddress);
      const { supplyCap, borrowCap, minimumDebt, ...rates } = terms;
      const kept = await pool.terms();
      expect(fieldsOf(kept)).to.deep.include(rates);
      expectWithin(kept.supplyCapAssets, parseDecimal(supplyCap, cash.decimals), CAP_PARTS, "down");
      expectWithin(kept.borrowCapAssets, parseDecimal(borrowCap, cash.decimals), CAP_PARTS, "down");
      expectWithin(
        kept.minimumDebtAssets,
        parseDecimal(minimumDebt, cash.decimals),
        CAP_PARTS,
        "down",
      );
      expect(await pool.fund()).to.equal(await fund.getAddress());
      expect(await fund.pool()).to.equal(address);
      expect([await fund.name(), await fund.symbol()]).to.deep.equal([
        staking.name,
        staking.symbol,
      ]);
      expect(fieldsOf(await fund.terms())).to.deep.equal({
        supplyCapAssets: parseDecimal(staking.supplyCap, cash.decimals),
        cooldownFor: staking.cooldownFor,
        windowFor: staking.windowFor,
      });
    }
  });

  it("has its pairs, and no others", async () => {
    for (const { symbol } of params.assets) {
      for (const [id, pool] of params.pools.entries()) {
        const view = await system.vault.pairOf(system.asset(symbol).address, id);
        const pair = params.pairs.find(
          ({ asset, pools }) => asset === symbol && pools.includes(pool.asset),
        );
        expect(view.isListed, `${symbol}/${pool.asset}`).to.equal(pair !== undefined);
        if (pair === undefined) continue;
        for (const field of PAIR_FIELDS)
          expect(view[field], `${symbol} ${field}`).to.equal(pair[field]);
        expect(view.initialPpm).to.equal(pair.initialTargetPpm);
        expect(view.maintenancePpm).to.equal(pair.maintenanceTargetPpm);
        expectWithin(view.depthValue, parseDecimal(pair.depth, 18), DEPTH_PARTS, "down");
      }
    }
  });
});

describe("measures of local.json5 on the chain", () => {
  const params = readParameters(fileOf("local"));

  it("are those of the file, started at their stress variance, and targets stay", async () => {
    const connection = await network.create();
    const signers = await connection.ethers.getSigners();
    const system = await deployLocalSystem(signers, { haircuts: "measured" });
    for (const { symbol, measure } of params.assets) {
      const { varianceWad, round } = await system.vault.measureOf(system.asset(symbol).address);
      expectWithin(varianceWad, measure?.stressVariance ?? 0n, DEPTH_PARTS, "up");
      expect(round !== 0n, symbol).to.equal(measure !== undefined);
    }
    for (const { asset, pools, model, initialTargetPpm } of params.pairs) {
      for (const pool of pools) {
        const { id, asset: cash } = system.pool(pool);
        const collateral = system.asset(asset).address;
        const view = await system.vault.haircutOf(collateral, id);
        expect(view.model.isMeasured, asset).to.equal(model !== undefined);
        expect((await system.vault.pairOf(collateral, id)).initialPpm).to.equal(initialTargetPpm);
        if (model === undefined) continue;
        const { stressVariance, floorVariance, highestDepth, ...same } = model;
        expect(fieldsOf(view.model)).to.deep.include(same);
        expectWithin(view.model.stressVarianceWad, stressVariance, DEPTH_PARTS, "up");
        expectWithin(view.model.floorVarianceWad, floorVariance, DEPTH_PARTS, "up");
        const depth = parseDecimal(highestDepth, 18);
        expectWithin(view.model.highestDepthValue, depth, DEPTH_PARTS, "down");
        const { varianceWad } = await system.vault.pairMeasureOf(collateral, cash.address);
        expectWithin(varianceWad, stressVariance, DEPTH_PARTS, "up");
        expect(view.climbsFrom > 0n).to.equal(true);
      }
    }
  });

  it("are left out of a local system unless they are asked for", async () => {
    const connection = await network.create();
    const system = await deployLocalSystem(await connection.ethers.getSigners());
    const weth = system.asset("WETH").address;
    expect((await system.vault.measureOf(weth)).round).to.equal(0n);
    expect((await system.vault.haircutOf(weth, 0n)).model.isMeasured).to.equal(false);
  });
});

describe("the module of Ignition", () => {
  it("makes the same deployment as the local system", async () => {
    const connection = await network.create();
    const signers = await connection.ethers.getSigners();
    const { vault, manager } = await connection.ignition.deploy(SuretyLocal);
    const [deployer, admin] = signers;
    const access = SPOKEN.AccessManager.connect(await manager.getAddress(), deployer);
    expect(await access.hasRole(0n, deployer?.address ?? "")).to.deep.equal([false, 0n]);
    expect(await access.hasRole(0n, admin?.address ?? "")).to.deep.equal([true, 172_800n]);

    const other = await network.create();
    const system = await deployLocalSystem(await other.ethers.getSigners(), {
      delays: "asWritten",
      haircuts: "measured",
    });
    const byIgnition = SPOKEN.ICollateralVault.connect(await vault.getAddress(), deployer);
    expect(fieldsOf(await byIgnition.riskParameters())).to.deep.equal(
      fieldsOf(await system.vault.riskParameters()),
    );
    expect((await byIgnition.assets()).map(withoutAddresses)).to.deep.equal(
      (await system.vault.assets()).map(withoutAddresses),
    );
    expect((await byIgnition.pools()).map(withoutAddresses)).to.deep.equal(
      (await system.vault.pools()).map(withoutAddresses),
    );
    const [weth] = await byIgnition.assets();
    const { model } = await byIgnition.haircutOf(weth?.asset ?? "", 0n);
    const expected = await system.vault.haircutOf(system.asset("WETH").address, 0n);
    expect(fieldsOf(model)).to.deep.equal(fieldsOf(expected.model));
  });
});

describe("holders that are given", () => {
  const NAMES = ["admin", "governor", "riskSteward", "guardian", "feeCollector"] as const;
  const file = readParameters(fileOf("local"));
  const { admin, governor, riskSteward, guardian, feeCollector } = file.roles;
  const given = <T extends object>(role: T) => ({ ...role, holder: "given" });
  const params: Parameters = {
    ...chooseLocal(file, { assets: ["WETH"], pools: ["USDC"] }),
    roles: {
      admin: given(admin),
      governor: given(governor),
      riskSteward: given(riskSteward),
      guardian: given(guardian),
      feeCollector: given(feeCollector),
    },
  };
  const module = suretyModule("Given", params, 1n);

  it("come from the parameters of the module", async () => {
    const connection = await network.create({ override: { initialDate: new Date(2_000) } });
    const signers = await connection.ethers.getSigners();
    const holders = NAMES.map((_, index) => signers[10 + index]?.address ?? "");
    const { manager } = await connection.ignition.deploy(module, {
      parameters: { Given: Object.fromEntries(NAMES.map((name, i) => [name, holders[i] ?? ""])) },
    });
    const access = SPOKEN.AccessManager.connect(await manager.getAddress(), signers[0]);
    for (const [id, holder] of holders.entries()) {
      const expected = [true, params.roles[NAMES[id] ?? "admin"].delayFor];
      expect(await access.hasRole(id, holder)).to.deep.equal(expected);
    }
  });

  it("are asked for before anything is sent", async () => {
    const connection = await network.create();
    const error: unknown = await connection.ignition.deploy(module).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.include("'admin'");
    expect(await connection.ethers.provider.getBlockNumber()).to.equal(0);
  });
});

type Raw = { [name: string]: Raw | unknown };

function fileOf(name: string): string {
  return path.join(root, "deploy", "params", `${name}.json5`);
}

/** Sets the value at a path such as `assets.0.cap`; undefined takes it away. */
function set(raw: Raw, place: string, value: unknown): void {
  const names = place.split(".");
  const last = names.pop() ?? "";
  let target = raw;
  for (const name of names) target = target[name] as Raw;
  if (value === undefined) delete target[last];
  else target[last] = value;
}

function complaintsOf(parse: () => Parameters): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ParametersInvalid) return error.complaints;
    throw error;
  }
  return [];
}

/** A number that the chain keeps in fewer bits: rounded in the stated direction by at most one part in `parts`. */
function expectWithin(
  found: bigint | undefined,
  written: bigint,
  parts: bigint,
  direction: "up" | "down",
): void {
  const error = direction === "up" ? (found ?? 0n) - written : written - (found ?? 0n);
  expect(error >= 0n && error * parts <= written, `found ${found}, written ${written}`).to.equal(
    true,
  );
}

/** Addresses depend on the order of transactions; everything else must not. */
function withoutAddresses(row: object): readonly unknown[] {
  return Object.values(fieldsOf(row)).filter(
    (value) => !(typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value)),
  );
}
