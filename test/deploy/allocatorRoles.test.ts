import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { selectorsOf } from "../../deploy/contracts.ts";
import {
  OWN_ALLOCATOR_FUNCTIONS,
  PUBLIC_ALLOCATOR_FUNCTIONS,
  ROLES,
  VAULT_ONLY_ALLOCATOR_FUNCTIONS,
} from "../../deploy/roles.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { answerTo, callDataOf, errorIn, stateChanging } from "./support.ts";

const WETH_18D = 10n ** 18n;

describe("roles of an allocator", () => {
  let system: LocalSystem;
  let allocator: string;
  let stranger: Signer;
  let owner: Signer;

  before(async () => {
    const connection = await network.create();
    const signers = await connection.ethers.getSigners();
    system = await deployLocalSystem(signers, { delays: "asWritten", sleeves: "asWritten" });
    allocator = system.sleeve("ssWETH").address;
    const [someone, another] = system.actors;
    if (someone === undefined || another === undefined) throw new RangeError("found no actor");
    [stranger, owner] = [someone, another];
  });

  it("name every state-changing function exactly once", () => {
    const named = [
      ...ROLES.flatMap(({ allocatorFunctions }) => allocatorFunctions),
      ...PUBLIC_ALLOCATOR_FUNCTIONS,
      ...VAULT_ONLY_ALLOCATOR_FUNCTIONS,
      ...OWN_ALLOCATOR_FUNCTIONS,
      "setAuthority", // of the AccessManager alone
    ];
    const found = stateChanging("VenueAllocator").map(({ name }) => name);
    expect(found.sort()).to.deep.equal(named.sort());
  });

  it("are on the chain as the table says, on every allocator and on no pool for being a sleeve", async () => {
    const allocators = system.sleeves.filter(({ kind }) => kind === "allocator");
    expect(allocators.length).to.equal(1);
    const expected = ROLES.flatMap(({ id, allocatorFunctions }) =>
      selectorsOf("VenueAllocator", allocatorFunctions).map(
        (selector) => `${allocator} ${selector} ${id}`,
      ),
    );
    const { manager } = system;
    const events = await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated());
    const found = events.map(({ args }) => `${args.target} ${args.selector} ${args.roleId}`);
    const ofAllocators = found.filter((row) => row.startsWith(allocator));
    expect(ofAllocators.sort()).to.deep.equal(expected.sort());
    const plain = await deployLocalSystem(await signersOf(), { delays: "asWritten" });
    const others = await plain.manager.queryFilter(
      plain.manager.filters.TargetFunctionRoleUpdated(),
    );
    expect(found.length).to.equal(others.length + expected.length);
  });

  it("are asked of the manager of the deployment", async () => {
    const { sleeve } = system.sleeve("ssWETH");
    expect(await sleeve.authority()).to.equal(await system.manager.getAddress());
    expect(await sleeve.vault()).to.equal(system.vaultAddress);
  });

  for (const who of ["a stranger", "the deployer", "the holder of another role"]) {
    it(`refuse every privileged function to ${who}`, async () => {
      const { roles, provider } = system;
      const from = await (
        who === "a stranger"
          ? stranger
          : who === "the deployer"
            ? roles.deployer
            : roles.riskSteward
      ).getAddress();
      for (const fragment of stateChanging("VenueAllocator")) {
        if (PUBLIC_ALLOCATOR_FUNCTIONS.includes(fragment.name)) continue;
        const data = callDataOf(fragment, from);
        const answer = await answerTo(provider, { from, to: allocator, data });
        const refusal = VAULT_ONLY_ALLOCATOR_FUNCTIONS.includes(fragment.name)
          ? "DepositorNotVault"
          : OWN_ALLOCATOR_FUNCTIONS.includes(fragment.name)
            ? "CallerNotSleeve"
            : "AccessManagedUnauthorized";
        expect(errorIn(answer, "VenueAllocator"), fragment.name).to.equal(`${refusal}(${from})`);
      }
    });
  }

  it("let the venue manager move assets at once, within the caps, and nothing else", async () => {
    const { vault, roles } = system;
    const weth = system.asset("WETH");
    const account = toAccountId(await owner.getAddress(), 0n);
    await system.mint("WETH", owner, 300n * WETH_18D);
    await weth.token.connect(owner).approve(system.vaultAddress, 300n * WETH_18D);
    await vault.connect(owner).deposit(account, weth.address, 300n * WETH_18D);
    await system.lend("USDC", stranger, 1_000_000n * 10n ** 6n);
    const { id } = system.pool("USDC");
    await vault.connect(owner).borrow(account, id, 300_000n * 10n ** 6n, await owner.getAddress());
    await vault.connect(owner).setReuse(account, allocator, 50_00n);
    const { sleeve } = system.sleeve("ssWETH");
    const [first] = await sleeve.venues();
    const managed = sleeve.connect(roles.venueManager);
    await managed.allocate(first?.venue ?? "", 40n * WETH_18D);
    expect((await sleeve.venues())[0]?.worthAssets).to.equal(40n * WETH_18D);
    await expect(
      managed.allocate(first?.venue ?? "", 40n * WETH_18D),
    ).to.be.revertedWithCustomError(sleeve, "VenueCapExceeded");
    await expect(managed.cutVenue(first?.venue ?? "")).to.be.revertedWithCustomError(
      sleeve,
      "AccessManagedUnauthorized",
    );
    await managed.recall(first?.venue ?? "", 10n * WETH_18D);
    expect((await sleeve.venues())[0]?.worthAssets).to.equal(30n * WETH_18D);
  });

  it("let the guardian cut a venue at once, and the governor after its delay only", async () => {
    const { roles, manager } = system;
    const { sleeve } = system.sleeve("ssWETH");
    const [, second] = await sleeve.venues();
    await sleeve.connect(roles.guardian).cutVenue(second?.venue ?? "");
    expect((await sleeve.venues())[1]?.terms.capAssets).to.equal(0n);
    const terms = { capAssets: 1n, capBps: 1n, growthPpm: 1n };
    await expect(
      sleeve.connect(roles.governor).setVenue(second?.venue ?? "", terms),
    ).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
  });
});

async function signersOf(): Promise<readonly Signer[]> {
  return (await network.create()).ethers.getSigners();
}
