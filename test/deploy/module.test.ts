import { expect } from "chai";
import { network } from "hardhat";
import { SPOKEN } from "../../deploy/contracts.ts";
import { suretyModule } from "../../deploy/module.ts";
import SuretyLocal from "../../deploy/modules/SuretyLocal.ts";
import type { Parameters } from "../../deploy/schema.ts";
import { MockToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockToken__factory.ts";
import { chooseLocal, readLocal } from "../../scripts/localParameters.ts";
import { deployLocalSystem } from "../../scripts/localSystem.ts";
import { fieldsOf } from "./support.ts";

describe("the module of Ignition", () => {
  it("makes the same deployment as the local system", async () => {
    // else its clock starts with the process, which may have run other tests for longer than the first prices' margin
    const connection = await network.create({ override: { initialDate: new Date() } });
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
      sleeves: "asWritten",
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
    const [weth, ...others] = await byIgnition.assets();
    for (const [index, { sleeve }] of system.sleeves.entries()) {
      const address = others.at(index - system.sleeves.length)?.asset ?? "";
      const [asset, terms] = await byIgnition.sleeveOf(address);
      expect(asset).to.equal(await SPOKEN.VenueAllocator.connect(address, deployer).asset());
      const [, expectedTerms] = await system.vault.sleeveOf(await sleeve.getAddress());
      expect(fieldsOf(terms)).to.deep.equal(fieldsOf(expectedTerms));
    }
    const { model } = await byIgnition.haircutOf(weth?.asset ?? "", 0n);
    const expected = await system.vault.haircutOf(system.asset("WETH").address, 0n);
    expect(fieldsOf(model)).to.deep.equal(fieldsOf(expected.model));
  });
});

describe("tokens that are there already", () => {
  it("are sent by the deployer before they are listed", async () => {
    const connection = await network.create({ override: { initialDate: new Date() } });
    const [deployer] = await connection.ethers.getSigners();
    if (deployer === undefined) throw new RangeError("no signer");
    const token = await new MockToken__factory(deployer).deploy("Real", "WETH", 18);
    await token.waitForDeployment();
    await (await token.mint(deployer.address, 10n ** 12n)).wait();
    const chosen = chooseLocal(readLocal(), { assets: ["WETH"], pools: ["USDC"] });
    const address = await token.getAddress();
    const assets = chosen.assets.map((asset) =>
      asset.symbol === "WETH" ? { ...asset, token: address } : asset,
    );
    const pricedAt = BigInt(Math.floor(Date.now() / 1_000) - 900);
    const module = suretyModule("There", { ...chosen, assets }, pricedAt);
    const { vault } = await connection.ignition.deploy(module);
    expect(await token.balanceOf(await vault.getAddress())).to.equal(10n ** 12n);
    const listed = await SPOKEN.ICollateralVault.connect(
      await vault.getAddress(),
      deployer,
    ).assets();
    expect(listed[0]?.asset).to.equal(address);
  });
});

describe("holders that are given", () => {
  const NAMES = [
    "admin",
    "governor",
    "riskSteward",
    "guardian",
    "feeCollector",
    "venueManager",
  ] as const;
  const file = readLocal();
  const { admin, governor, riskSteward, guardian, feeCollector, venueManager } = file.roles;
  const given = <T extends object>(role: T) => ({ ...role, holder: "given" });
  const params: Parameters = {
    ...chooseLocal(file, { assets: ["WETH"], pools: ["USDC"], sleeves: "asWritten" }),
    roles: {
      admin: given(admin),
      governor: given(governor),
      riskSteward: given(riskSteward),
      guardian: given(guardian),
      feeCollector: given(feeCollector),
      venueManager: given(venueManager),
    },
  };
  const module = suretyModule("Given", params, 1n);

  it("come from the parameters of the module", async () => {
    const connection = await network.create({ override: { initialDate: new Date(2_000) } });
    const signers = await connection.ethers.getSigners();
    const holders = NAMES.map((_, index) => signers[10 + index]?.address ?? "");
    const { manager, vault } = await connection.ignition.deploy(module, {
      parameters: { Given: Object.fromEntries(NAMES.map((name, i) => [name, holders[i] ?? ""])) },
    });
    const access = SPOKEN.AccessManager.connect(await manager.getAddress(), signers[0]);
    for (const [id, holder] of holders.entries()) {
      const expected = [true, params.roles[NAMES[id] ?? "admin"].delayFor];
      expect(await access.hasRole(id, holder)).to.deep.equal(expected);
    }
    const [, , shares] = await SPOKEN.ICollateralVault.connect(
      await vault.getAddress(),
      signers[0],
    ).assets();
    const sleeve = SPOKEN.VenueAllocator.connect(shares?.asset ?? "", signers[0]);
    expect((await sleeve.rules()).feeReceiver).to.equal(holders[NAMES.indexOf("feeCollector")]);
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

/** Addresses and times depend on the order of transactions; everything else must not. */
function withoutAddresses(row: object): readonly unknown[] {
  const { rate, ...fields } = fieldsOf(row);
  const nested = typeof rate === "object" && rate !== null ? fieldsOf(rate) : {};
  const { movedAt: _movedAt, allowedWad: _allowedWad, ...line } = nested;
  return [...Object.values(fields), ...Object.values(line)].filter(
    (value) => !(typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value)),
  );
}
