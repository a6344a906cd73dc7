import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { executeSteps, ProbeUnfunded } from "../../deploy/execute.ts";
import { planDeployment } from "../../deploy/plan.ts";
import { chooseLocal, readLocal } from "../../scripts/localParameters.ts";
import { MockToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockToken__factory.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";

const WETH_18D = 10n ** 18n;
const USDC_6D = 10n ** 6n;
const PRICE_8D = 10n ** 8n;

describe("the local system", () => {
  let signers: readonly Signer[];

  before(async () => {
    const connection = await network.create();
    signers = await connection.ethers.getSigners();
  });

  it("lends, borrows and follows prices", async () => {
    const system = await deployLocalSystem(signers);
    const [lender, owner] = actorsOf(system);
    const weth = system.asset("WETH");
    await system.lend("USDC", lender, 1_000_000n * USDC_6D);
    await system.mint("WETH", owner, 10n * WETH_18D);
    await weth.token.connect(owner).approve(system.vaultAddress, 10n * WETH_18D);
    const account = toAccountId(await owner.getAddress(), 0n);
    const vault = system.vault.connect(owner);
    await vault.deposit(account, weth.address, 10n * WETH_18D);
    await vault.borrow(
      account,
      system.pool("USDC").id,
      15_000n * USDC_6D,
      await owner.getAddress(),
    );
    expect(await system.asset("USDC").token.balanceOf(owner)).to.equal(15_000n * USDC_6D);

    await system.setPrice("WETH", 1_690n * PRICE_8D);
    const [row] = await system.vault.healthOf([account]);
    expect(row?.collateralValue).to.equal(16_900n * 10n ** 18n);
    expect(row?.status).to.equal(4n); // liquidatable: 1,900 of a cushion of 2,450.5 are left, 22 % are used
  });

  it("takes chosen assets and pools, in their order", async () => {
    const { assets, pools } = await deployLocalSystem(signers, {
      assets: ["LINK", { symbol: "WETH", price8: 200n * PRICE_8D }],
      pools: ["USDT"],
    });
    expect(assets.map(({ symbol }) => symbol)).to.deep.equal(["LINK", "WETH", "USDT"]);
    expect(pools.map(({ symbol, id }) => `${symbol} ${id}`)).to.deep.equal(["USDT 0"]);
  });

  it("keeps the worth of caps when a price is another one", async () => {
    const { params } = await deployLocalSystem(signers, {
      assets: [{ symbol: "WETH", price8: 250n * PRICE_8D }],
      pools: ["USDC"],
    });
    expect(params.assets[0]?.cap).to.equal("2800000"); // ten times as many at a tenth of the price
  });

  it("lists a new asset at the risk of a known one", async () => {
    const system = await deployLocalSystem(signers, {
      assets: [{ symbol: "MKR", decimals: 18, price8: 1_500n * PRICE_8D, like: "WBTC" }],
    });
    const pair = await system.vault.pairOf(system.asset("MKR").address, 0);
    expect(pair.maintenancePpm).to.equal(130_000n);
  });

  it("sends tokens that are there already, or says what the deployer lacks", async () => {
    const [deployer] = signers;
    if (deployer === undefined) throw new RangeError("no signer");
    const token = await new MockToken__factory(deployer).deploy("Real", "WETH", 18);
    await token.waitForDeployment();
    const address = await token.getAddress();
    const chosen = chooseLocal(readLocal(), { assets: ["WETH"], pools: ["USDC"] });
    const params = {
      ...chosen,
      assets: chosen.assets.map((asset) =>
        asset.symbol === "WETH" ? { ...asset, token: address } : asset,
      ),
    };
    const latest = await deployer.provider?.getBlock("latest");
    const steps = planDeployment(params, BigInt(latest?.timestamp ?? 0) - 1n);
    const failure: unknown = await executeSteps(steps, signers).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ProbeUnfunded);
    expect(failure).to.include({ token: address, found: 0n, needed: 10n ** 12n });
    await (await token.mint(await deployer.getAddress(), 10n ** 12n)).wait();
    const addresses = await executeSteps(steps, signers);
    const vault = addresses.get("CollateralVault") ?? "";
    expect(await token.balanceOf(vault)).to.equal(10n ** 12n);
    expect(await token.balanceOf(deployer)).to.equal(0n);
  });

  it("says what is missing", async () => {
    const refused = async (attempt: Promise<unknown>) =>
      attempt.then(
        () => "nothing",
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    expect(await refused(deployLocalSystem(signers.slice(0, 6)))).to.equal(
      "found 6 signers, allowed: at least 7",
    );
    expect(await refused(deployLocalSystem(signers, { assets: ["MKR"] }))).to.match(
      /^asset "MKR" found nowhere in local\.json5 .*; a new one needs decimals and price8$/,
    );
    const system = await deployLocalSystem(signers, { pools: ["DAI"] });
    expect(() => system.pool("USDC")).to.throw('pool "USDC" found nowhere, allowed: DAI');
  });
});

function actorsOf({ actors }: LocalSystem): readonly [Signer, Signer] {
  const [lender, owner] = actors;
  if (lender === undefined || owner === undefined) throw new RangeError("found too few actors");
  return [lender, owner];
}
