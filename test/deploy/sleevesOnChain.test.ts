import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { executeSteps, ProbeUnfunded } from "../../deploy/execute.ts";
import { planDeployment } from "../../deploy/plan.ts";
import { parseDecimal } from "../../deploy/quantity.ts";
import type { Parameters } from "../../deploy/schema.ts";
import { SPOKEN } from "../../deploy/contracts.ts";
import { VenueUnfit } from "../../deploy/venues.ts";
import { chooseLocal, readLocal } from "../../scripts/localParameters.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { MockYieldVault__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockYieldVault__factory.ts";
import { MockToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockToken__factory.ts";
import { DEPTH_PARTS, deployAsWritten, fieldsOf, PAIR_FIELDS } from "./support.ts";

const USDC_6D = 10n ** 6n;
/** Creates a contract whose code is one STOP: it takes every call, and answers none. */
const CREATES_A_STOP = "0x6001600c60003960016000f300";

describe("sleeves of local.json5 on the chain", () => {
  const params = readLocal();
  let system: LocalSystem;

  before(async () => {
    system = await deployAsWritten();
  });

  it("are an allocator for WETH and the pools, behind the assets", () => {
    const found = system.sleeves.map(
      ({ kind, symbol, id, decimals }) => `${kind} ${symbol} ${id} ${decimals}`,
    );
    expect(found).to.deep.equal(["allocator ssWETH 9 18", "pool syUSDC 10 12", "pool syDAI 11 18"]);
    expect(system.sleeve("syUSDC").address).to.equal(system.pool("USDC").address);
    expect(() => system.sleeve("ssDAI")).to.throw(
      'sleeve "ssDAI" found nowhere, allowed: ssWETH, syUSDC, syDAI',
    );
  });

  it("are listed on the feed of their asset, at the price of it, with cap and rate", async () => {
    const rows = await system.vault.assets();
    for (const [index, { id, decimals, address, asset }] of system.sleeves.entries()) {
      const written = params.sleeves[index];
      const row = rows[Number(id)];
      const plain = rows[Number(asset.id)];
      expect(row?.asset).to.equal(address);
      expect(row?.capAssets).to.equal(parseDecimal(written?.cap ?? "", decimals));
      for (const field of [
        "feed",
        "maxAgeFor",
        "lowestAnswer",
        "highestAnswer",
        "secondFeed",
      ] as const)
        expect(row?.[field], field).to.equal(plain?.[field]);
      expect([row?.isFresh, row?.supplyPaused, row?.totalAssets]).to.deep.equal([true, false, 0n]);
      const scale = 10n ** BigInt(decimals - asset.decimals);
      expect((row?.price ?? 0n) * scale).to.equal(plain?.price);
      expect(row?.rate.provider).to.equal(address);
      expect(row?.rate.decimals).to.equal(BigInt(asset.decimals));
      expect(row?.rate.growthPpm).to.equal(written?.growthPpm);
    }
  });

  it("have the terms of the file, and the asset", async () => {
    for (const [index, { address, asset, sleeve }] of system.sleeves.entries()) {
      const [found, terms] = await system.vault.sleeveOf(address);
      expect(found).to.equal(asset.address);
      expect(await sleeve.asset()).to.equal(asset.address);
      expect(fieldsOf(terms)).to.deep.equal(params.sleeves[index]?.terms);
    }
  });

  it("have the pairs of the file, and no others", async () => {
    for (const [index, { address, symbol }] of system.sleeves.entries()) {
      for (const [id, pool] of params.pools.entries()) {
        const view = await system.vault.pairOf(address, id);
        const pair = params.sleeves[index]?.pairs.find(({ pools }) => pools.includes(pool.asset));
        expect(view.isListed, `${symbol}/${pool.asset}`).to.equal(pair !== undefined);
        if (pair === undefined) continue;
        for (const field of PAIR_FIELDS) expect(view[field], field).to.equal(pair[field]);
        expect([view.initialPpm, view.maintenancePpm]).to.deep.equal([
          pair.initialTargetPpm,
          pair.maintenanceTargetPpm,
        ]);
        const depth = parseDecimal(pair.depth, 18);
        expect(
          view.depthValue <= depth && (depth - view.depthValue) * DEPTH_PARTS <= depth,
        ).to.equal(true);
        const { model } = await system.vault.haircutOf(address, id);
        expect(model.isMeasured).to.equal(pair.model?.isMeasured);
        expect(model.pegPpm).to.equal(pair.model?.pegPpm);
        expect(model.horizonInitialFor).to.equal(pair.model?.horizonInitialFor);
        expect(model.maxLagFor).to.equal(pair.model?.maxLagFor);
      }
      expect((await system.vault.measureOf(address)).round !== 0n, symbol).to.equal(true);
    }
  });

  it("of an allocator have its venues in their order, its rules and its names", async () => {
    const { sleeve, address } = system.sleeve("ssWETH");
    const written = params.sleeves[0];
    if (written?.kind !== "allocator") throw new RangeError("found no allocator");
    expect([await sleeve.name(), await sleeve.symbol()]).to.deep.equal([
      written.name,
      written.symbol,
    ]);
    expect(await sleeve.vault()).to.equal(system.vaultAddress);
    expect(fieldsOf(await sleeve.rules())).to.deep.equal({
      bufferBps: written.bufferBps,
      feeBps: written.feeBps,
      feeReceiver: await system.roles.feeCollector.getAddress(),
    });
    const venues = await sleeve.venues();
    expect(venues.length).to.equal(written.venues.length);
    for (const [index, view] of venues.entries()) {
      const { cap, capBps, growthPpm } = written.venues[index] ?? {};
      expect(view.venue).to.equal(system.addresses.get(`Venue_ssWETH_${index + 1}`));
      const capAssets = parseDecimal(cap ?? "", 18);
      expect(fieldsOf(view.terms)).to.deep.equal({ capAssets, capBps, growthPpm });
    }
    // what the listing tried transfers with, and nothing of the deployer's
    expect(await sleeve.balanceOf(system.vaultAddress)).to.equal(10n ** 12n);
    expect(await sleeve.totalSupply()).to.equal(10n ** 12n);
    expect(await system.asset("WETH").token.allowance(system.roles.deployer, address)).to.equal(0n);
  });

  it("of a pool take posted cash, and give it back", async () => {
    const [owner, lender] = system.actors;
    if (owner === undefined || lender === undefined) throw new RangeError("found too few actors");
    const usdc = system.asset("USDC");
    const account = toAccountId(await owner.getAddress(), 0n);
    await system.lend("DAI", lender, 1_000_000n * 10n ** 18n);
    await system.mint("USDC", owner, 100_000n * USDC_6D);
    await usdc.token.connect(owner).approve(system.vaultAddress, 100_000n * USDC_6D);
    const vault = system.vault.connect(owner);
    await vault.deposit(account, usdc.address, 100_000n * USDC_6D);
    const dai = system.pool("DAI").id;
    await vault.borrow(account, dai, 50_000n * 10n ** 18n, await owner.getAddress());
    const { address } = system.sleeve("syUSDC");
    await vault.setReuse(account, address, 40_00n);
    expect(await vault.holdingOf(account, address)).to.equal(40_000n * 10n ** 12n);
    expect(await vault.holdingOf(account, usdc.address)).to.equal(60_000n * USDC_6D);
    await vault.setReuse(account, address, 0n);
    expect(await vault.holdingOf(account, address)).to.equal(0n);
    expect(await vault.holdingOf(account, usdc.address)).to.equal(100_000n * USDC_6D);
  });

  it("are pledged by consent alone", async () => {
    const [owner] = system.actors;
    if (owner === undefined) throw new RangeError("found no actor");
    const account = toAccountId(await owner.getAddress(), 0n);
    for (const { address, symbol } of system.sleeves) {
      await expect(
        system.vault.connect(owner).deposit(account, address, 1n),
        symbol,
      ).to.be.revertedWithCustomError(system.vault, "SleeveNotDepositable");
    }
  });

  it("are left out of a local system unless they are asked for", async () => {
    const connection = await network.create();
    const other = await deployLocalSystem(await connection.ethers.getSigners());
    expect(other.sleeves).to.deep.equal([]);
    expect((await other.vault.assets()).length).to.equal(params.assets.length);
  });
});

describe("sleeves of a choice", () => {
  const file = readLocal();
  const symbols = (choice: Parameters) =>
    choice.sleeves.map(({ asset, pairs }) => `${asset} ${pairs.flatMap(({ pools }) => pools)}`);

  it("are those of its assets and pools", () => {
    const weth = chooseLocal(file, { assets: ["WETH"], pools: ["DAI"], sleeves: "asWritten" });
    expect(symbols(weth)).to.deep.equal(["WETH DAI"]);
    const none = chooseLocal(file, { assets: ["LINK"], pools: ["DAI"], sleeves: "asWritten" });
    expect(symbols(none)).to.deep.equal([]);
    const all = chooseLocal(file, { sleeves: "asWritten" });
    expect(symbols(all)).to.deep.equal(["WETH USDC,DAI", "USDC DAI", "DAI USDC"]);
  });

  it("have the prices of the file", () => {
    const assets = [{ symbol: "WETH", price8: 200_00000000n }];
    expect(() => chooseLocal(file, { assets, sleeves: "asWritten" })).to.throw(
      "found another price of WETH than in local.json5, allowed with sleeves: that of the file",
    );
  });
});

describe("venues and tokens that are there already", () => {
  let signers: readonly Signer[];
  let deployer: Signer;

  before(async () => {
    const connection = await network.create();
    signers = await connection.ethers.getSigners();
    const [first] = signers;
    if (first === undefined) throw new RangeError("no signer");
    deployer = first;
  });

  it("are used, and paid for by the deployer", async () => {
    const { token, address, venue } = await withVenue("WETH");
    const steps = await stepsFor(address, venue);
    await (await token.mint(deployer, 10n ** 12n)).wait();
    const failure: unknown = await executeSteps(steps, signers).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ProbeUnfunded);
    expect(failure).to.include({ token: address, found: 0n, needed: 10n ** 12n });
    await (await token.mint(deployer, 2n * 10n ** 12n)).wait();
    const addresses = await executeSteps(steps, signers);
    const sleeve = SPOKEN.VenueAllocator.connect(addresses.get("Sleeve_ssWETH") ?? "", deployer);
    expect((await sleeve.venues()).map((view) => view.venue)).to.deep.equal([venue]);
    expect(await sleeve.idleAssets()).to.equal(10n ** 12n);
    expect(await token.balanceOf(deployer)).to.equal(0n);
  });

  it("are refused before anything is sent: a venue of another asset", async () => {
    const { address } = await withVenue("WETH");
    const { address: other, venue } = await withVenue("OTHER");
    await refuses(address, venue, other);
  });

  it("are refused before anything is sent: an address without a contract", async () => {
    const { address } = await withVenue("WETH");
    const nobody = await signers[19]?.getAddress();
    await refuses(address, nobody ?? "", "nothing: there is no contract");
  });

  it("are refused before anything is sent: a contract that is no ERC-4626 token", async () => {
    const { address } = await withVenue("WETH");
    await refuses(address, address, "nothing: it refuses the question");
  });

  it("are refused before anything is sent: a contract that answers with nothing", async () => {
    const { address } = await withVenue("WETH");
    const created = await (await deployer.sendTransaction({ data: CREATES_A_STOP })).wait();
    await refuses(address, created?.contractAddress ?? "", "nothing: it refuses the question");
  });

  async function refuses(token: string, venue: string, found: string): Promise<void> {
    const nonce = await deployer.getNonce();
    const steps = await stepsFor(token, venue);
    const failure: unknown = await executeSteps(steps, signers).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(VenueUnfit);
    expect(failure).to.include({ step: "setVenue_ssWETH_1", venue, found, allowed: token });
    expect(await deployer.getNonce()).to.equal(nonce);
  }

  async function withVenue(symbol: string) {
    const token = await new MockToken__factory(deployer).deploy("Real", symbol, 18);
    await token.waitForDeployment();
    const address = await token.getAddress();
    const created = await new MockYieldVault__factory(deployer).deploy(address, 0n);
    await created.waitForDeployment();
    return { token, address, venue: await created.getAddress() };
  }

  /** WETH, its sleeve with one venue, and the pool of USDC. */
  async function stepsFor(token: string, venue: string) {
    const chosen = chooseLocal(readLocal(), {
      assets: ["WETH"],
      pools: ["USDC"],
      sleeves: "asWritten",
    });
    const params: Parameters = {
      ...chosen,
      assets: chosen.assets.map((asset) => (asset.symbol === "WETH" ? { ...asset, token } : asset)),
      sleeves: chosen.sleeves.flatMap((sleeve) =>
        sleeve.kind === "allocator"
          ? [
              {
                ...sleeve,
                venues: sleeve.venues.slice(0, 1).map((row) => ({ ...row, address: venue })),
              },
            ]
          : [],
      ),
    };
    const latest = await deployer.provider?.getBlock("latest");
    return planDeployment(params, BigInt(latest?.timestamp ?? 0) - 1n);
  }
});
