import { expect } from "chai";
import { network } from "hardhat";
import { parseDecimal } from "../../deploy/quantity.ts";
import { readLocal } from "../../scripts/localParameters.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { DEPTH_PARTS, deployAsWritten, fieldsOf, PAIR_FIELDS } from "./support.ts";

// Bounds are kept with 9 bits, caps with 28: exact to one part in 2^(bits − 1).
const BOUND_PARTS = 1n << 8n;
const CAP_PARTS = 1n << 27n;

describe("local.json5 on the chain", () => {
  const params = readLocal();
  let system: LocalSystem;

  before(async () => {
    system = await deployAsWritten();
    expect(system.params).to.deep.equal(params);
  });

  it("has its risk parameters", async () => {
    const found = fieldsOf(await system.vault.riskParameters());
    expect(found).to.deep.equal(params.risk);
    expect(fieldsOf(await system.vault.tierTerms())).to.deep.equal(params.tiers);
  });

  it("has its assets, feeds, bounds and caps, in the order of the file", async () => {
    const found = await system.vault.assets();
    expect(found.length).to.equal(params.assets.length + params.sleeves.length);
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
  const params = readLocal();

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
