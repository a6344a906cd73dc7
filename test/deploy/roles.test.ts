import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import type { Signer } from "ethers";
import { network } from "hardhat";
import { INNER_ROOMS, ROOMS } from "../../deploy/contracts.ts";
import { StepFailed } from "../../deploy/execute.ts";
import {
  OWN_DISTRIBUTOR_FUNCTIONS,
  POOL_ONLY_FUND_FUNCTIONS,
  PUBLIC_DISTRIBUTOR_FUNCTIONS,
  PUBLIC_FUND_FUNCTIONS,
  PUBLIC_POOL_FUNCTIONS,
  PUBLIC_VAULT_FUNCTIONS,
  ROLES,
  type RoleName,
  VAULT_ONLY_POOL_FUNCTIONS,
} from "../../deploy/roles.ts";
import { root } from "../../scripts/runTool.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { answerTo, callDataOf, errorIn, stateChanging } from "./support.ts";

const DAY = 86_400;

/** One row of the table in docs/roles.md. */
interface PublishedRole {
  readonly label: string;
  readonly id: bigint;
  readonly delay: string;
  readonly isCancelledByGuardian: boolean;
  readonly functions: readonly string[];
}

describe("roles of a deployment", () => {
  let system: LocalSystem;
  let signers: readonly Signer[];
  let stranger: string;
  let deployer: string;
  let connection: Awaited<ReturnType<typeof network.create>>;

  before(async () => {
    connection = await network.create();
    signers = await connection.ethers.getSigners();
    system = await deployLocalSystem(signers, { delays: "asWritten" });
    const [someone] = system.actors;
    if (someone === undefined) throw new RangeError("found no actor");
    [stranger, deployer] = await Promise.all([
      someone.getAddress(),
      system.roles.deployer.getAddress(),
    ]);
  });

  describe("on the chain", () => {
    it("has exactly one holder of each role, with the delay of the file, and no other", async () => {
      const expected = await Promise.all(
        ROLES.map(async ({ name, id }) => {
          const holder = await system.roles[name].getAddress();
          return `${id} ${holder} ${system.params.roles[name].delayFor}`;
        }),
      );
      expect(await holdersFromEvents(system)).to.deep.equal(expected.sort());
    });

    it("agrees with the events when asked", async () => {
      for (const { name, id } of ROLES) {
        const [isMember, delayFor] = await system.manager.hasRole(
          id,
          await system.roles[name].getAddress(),
        );
        expect(isMember, name).to.equal(true);
        expect(delayFor, name).to.equal(system.params.roles[name].delayFor);
        expect(await system.manager.hasRole(id, deployer)).to.deep.equal([false, 0n]);
      }
    });

    it("has labels, admins and guardians as the table says", async () => {
      const labels = await system.manager.queryFilter(system.manager.filters.RoleLabel());
      const found = labels.map(({ args }) => `${args.roleId} ${args.label}`).sort();
      const named = ROLES.filter(({ name }) => name !== "admin");
      expect(found).to.deep.equal(named.map(({ id, label }) => `${id} ${label}`).sort());
      for (const { id, isCancelledByGuardian } of ROLES) {
        expect(await system.manager.getRoleAdmin(id)).to.equal(0n);
        expect(await system.manager.getRoleGuardian(id)).to.equal(isCancelledByGuardian ? 3n : 0n);
        expect(await system.manager.getRoleGrantDelay(id)).to.equal(0n);
      }
    });

    it("gives every function of vault, pools, funds and distributor to the role of the table, and no other function away", async () => {
      const expected = [
        ...ROLES.flatMap(({ id, vaultFunctions }) =>
          vaultFunctions.map(
            (name) => `${system.vaultAddress} ${selectorOf("ICollateralVault", name)} ${id}`,
          ),
        ),
        ...ROLES.flatMap(({ id, poolFunctions }) =>
          system.pools.flatMap(({ address }) =>
            poolFunctions.map((name) => `${address} ${selectorOf("LendingPool", name)} ${id}`),
          ),
        ),
        ...ROLES.flatMap(({ id, fundFunctions }) =>
          system.pools.flatMap(({ symbol }) =>
            fundFunctions.map(
              (name) => `${fundAt(system, symbol)} ${selectorOf("InsuranceFund", name)} ${id}`,
            ),
          ),
        ),
        ...ROLES.flatMap(({ id, distributorFunctions }) =>
          distributorFunctions.map(
            (name) => `${distributorAt(system)} ${selectorOf("RewardsDistributor", name)} ${id}`,
          ),
        ),
      ];
      const events = await system.manager.queryFilter(
        system.manager.filters.TargetFunctionRoleUpdated(),
      );
      const found = events.map(({ args }) => `${args.target} ${args.selector} ${args.roleId}`);
      expect(found.sort()).to.deep.equal(expected.sort());
    });

    it("has closed the inner rooms, and nothing else", async () => {
      const events = await system.manager.queryFilter(system.manager.filters.TargetClosed());
      const closed = events.map(({ args }) => `${args.target} ${args.closed}`).sort();
      const rooms = INNER_ROOMS.map((room) => `${system.addresses.get(room)} true`).sort();
      expect(closed).to.deep.equal(rooms);
    });

    it("has one authority for vault, rooms, pools, funds and distributor", async () => {
      const manager = await system.manager.getAddress();
      const governed = [
        ...ROOMS,
        ...system.pools.map(({ symbol }) => `Pool_${symbol}`),
        ...system.pools.map(({ symbol }) => `Fund_${symbol}`),
        "RewardsDistributor",
      ];
      for (const id of governed) {
        const target = system.addresses.get(id) ?? "";
        const found = await system.pool("USDC").pool.attach(target).getFunction("authority")();
        expect(found, id).to.equal(manager);
      }
    });
  });

  describe("in the interfaces", () => {
    it("name every state-changing function of the vault exactly once", () => {
      const named = [
        ...PUBLIC_VAULT_FUNCTIONS,
        ...ROLES.flatMap(({ vaultFunctions }) => vaultFunctions),
      ];
      expect(
        stateChanging("ICollateralVault")
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(named.sort());
    });

    it("name every state-changing function of a pool exactly once", () => {
      const named = [
        ...PUBLIC_POOL_FUNCTIONS,
        ...VAULT_ONLY_POOL_FUNCTIONS,
        ...ROLES.flatMap(({ poolFunctions }) => poolFunctions),
        "setAuthority", // of the AccessManager alone
      ];
      expect(
        stateChanging("LendingPool")
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(named.sort());
    });
  });

  it("name every state-changing function of a distributor exactly once", () => {
    const named = [
      ...PUBLIC_DISTRIBUTOR_FUNCTIONS,
      ...OWN_DISTRIBUTOR_FUNCTIONS,
      ...ROLES.flatMap(({ distributorFunctions }) => distributorFunctions),
      "setAuthority", // of the AccessManager alone
    ];
    const found = stateChanging("RewardsDistributor").map(({ name }) => name);
    expect(found.sort()).to.deep.equal(named.sort());
  });

  it("name every state-changing function of a fund exactly once", () => {
    const named = [
      ...PUBLIC_FUND_FUNCTIONS,
      ...POOL_ONLY_FUND_FUNCTIONS,
      ...ROLES.flatMap(({ fundFunctions }) => fundFunctions),
      "setAuthority", // of the AccessManager alone
    ];
    const found = stateChanging("InsuranceFund").map(({ name }) => name);
    expect(found.sort()).to.deep.equal(named.sort());
  });

  describe("against those who have none", () => {
    for (const who of ["a stranger", "the deployer"]) {
      it(`refuses every privileged function of the vault to ${who}`, async () => {
        const from = who === "a stranger" ? stranger : deployer;
        for (const fragment of stateChanging("ICollateralVault")) {
          const data = callDataOf(fragment, stranger);
          const answer = await answerTo(system.provider, { from, to: system.vaultAddress, data });
          const error = errorIn(answer, "LendingPool"); // which declares the errors of AccessManaged
          const isPublic = PUBLIC_VAULT_FUNCTIONS.includes(fragment.name);
          const refusal = `AccessManagedUnauthorized(${from})`;
          if (isPublic) expect(error, fragment.name).to.not.equal(refusal);
          else expect(error, fragment.name).to.equal(refusal);
        }
      });

      it(`refuses every privileged function of the pools to ${who}`, async () => {
        const from = who === "a stranger" ? stranger : deployer;
        for (const { address: to } of system.pools) {
          for (const fragment of stateChanging("LendingPool")) {
            if (PUBLIC_POOL_FUNCTIONS.includes(fragment.name)) continue;
            const answer = await answerTo(system.provider, {
              from,
              to,
              data: callDataOf(fragment, stranger),
            });
            const isVaultOnly = VAULT_ONLY_POOL_FUNCTIONS.includes(fragment.name);
            const refusal = isVaultOnly ? "CallerNotVault" : "AccessManagedUnauthorized";
            expect(errorIn(answer, "LendingPool"), fragment.name).to.equal(`${refusal}(${from})`);
          }
        }
      });

      it(`refuses every privileged function of the funds to ${who}`, async () => {
        const from = who === "a stranger" ? stranger : deployer;
        for (const { symbol } of system.pools) {
          for (const fragment of stateChanging("InsuranceFund")) {
            if (PUBLIC_FUND_FUNCTIONS.includes(fragment.name)) continue;
            const to = fundAt(system, symbol);
            const data = callDataOf(fragment, stranger);
            const answer = await answerTo(system.provider, { from, to, data });
            const isPoolOnly = POOL_ONLY_FUND_FUNCTIONS.includes(fragment.name);
            const refusal = isPoolOnly ? "CallerNotPool" : "AccessManagedUnauthorized";
            expect(errorIn(answer, "InsuranceFund"), fragment.name).to.equal(`${refusal}(${from})`);
          }
        }
      });

      it(`refuses every privileged function of the distributor to ${who}`, async () => {
        const from = who === "a stranger" ? stranger : deployer;
        const to = distributorAt(system);
        const refusals = new Map([
          ["checkpoint", "CallerNotTheVault"],
          ["payOut", "CallerNotSelf"],
        ]);
        for (const fragment of stateChanging("RewardsDistributor")) {
          if (PUBLIC_DISTRIBUTOR_FUNCTIONS.includes(fragment.name)) continue;
          const data = callDataOf(fragment, stranger);
          const answer = await answerTo(system.provider, { from, to, data });
          const refusal = refusals.get(fragment.name) ?? "AccessManagedUnauthorized";
          expect(errorIn(answer, "RewardsDistributor"), fragment.name).to.equal(
            `${refusal}(${from})`,
          );
        }
      });

      it(`refuses every privileged function of the manager to ${who}`, async () => {
        const from = who === "a stranger" ? stranger : deployer;
        const to = await system.manager.getAddress();
        const open = ["renounceRole", "multicall"]; // one's own role; calls as oneself
        for (const fragment of stateChanging("AccessManager")) {
          if (open.includes(fragment.name)) continue;
          const answer = await answerTo(system.provider, {
            from,
            to,
            data: callDataOf(fragment, stranger),
          });
          expect(answer.isReverted, fragment.name).to.equal(true);
        }
      });
    }

    it("refuses the holder of another role", async () => {
      for (const { name } of ROLES) {
        const from = await system.roles[name].getAddress();
        for (const fragment of stateChanging("ICollateralVault")) {
          const owner = ROLES.find(({ vaultFunctions }) => vaultFunctions.includes(fragment.name));
          if (owner === undefined || owner.name === name) continue;
          const data = callDataOf(fragment, stranger);
          const answer = await answerTo(system.provider, { from, to: system.vaultAddress, data });
          expect(errorIn(answer, "LendingPool"), `${name} ${fragment.name}`).to.equal(
            `AccessManagedUnauthorized(${from})`,
          );
        }
      }
    });
  });

  describe("with their delays", () => {
    it("let the guardian pause at once, and lift nothing", async () => {
      const { guardian } = system.roles;
      const weth = system.asset("WETH");
      await system.vault.connect(guardian).pauseAsset(weth.address, true, false);
      await system.vault.connect(guardian).pauseAsset(weth.address, false, false);
      expect((await system.vault.assets())[Number(weth.id)]?.supplyPaused).to.equal(true);
      await expect(
        system.vault.connect(guardian).setAssetPause(weth.address, false, false),
      ).to.be.revertedWithCustomError(system.pool("USDC").pool, "AccessManagedUnauthorized");
    });

    it("make the others wait, and then let them", async () => {
      const data = system.vault.interface.encodeFunctionData("setSupplyCap", [
        system.asset("LINK").address,
        1n,
      ]);
      const steward = system.roles.riskSteward;
      const vault = system.vault.connect(steward);
      await expect(
        vault.setSupplyCap(system.asset("LINK").address, 1n),
      ).to.be.revertedWithCustomError(system.manager, "AccessManagerNotScheduled");
      await system.manager.connect(steward).schedule(system.vaultAddress, data, 0n);
      await expect(
        vault.setSupplyCap(system.asset("LINK").address, 1n),
      ).to.be.revertedWithCustomError(system.manager, "AccessManagerNotReady");
      await connection.provider.request({ method: "evm_increaseTime", params: [DAY] });
      await system.setPrice("LINK", 15_00000000n);
      await vault.setSupplyCap(system.asset("LINK").address, 1n);
      expect((await system.vault.assets())[Number(system.asset("LINK").id)]?.capAssets).to.equal(
        1n,
      );
    });

    it("let the guardian cancel what the governor has scheduled", async () => {
      const { governor, guardian } = system.roles;
      const data = system.vault.interface.encodeFunctionData("setDebtFactor", [0n, 1_100_000n]);
      const from = await governor.getAddress();
      await system.manager.connect(governor).schedule(system.vaultAddress, data, 0n);
      const [someone] = system.actors;
      await expect(
        system.manager.connect(someone).cancel(from, system.vaultAddress, data),
      ).to.be.revertedWithCustomError(system.manager, "AccessManagerUnauthorizedCancel");
      await system.manager.connect(guardian).cancel(from, system.vaultAddress, data);
      const operation = await system.manager.hashOperation(from, system.vaultAddress, data);
      expect(await system.manager.getSchedule(operation)).to.equal(0n);
    });
  });

  it("are handed over only to somebody else: an admin that is the deployer stops the deployment", async () => {
    const { roles } = system.params;
    const adjusted = { ...roles, admin: { ...roles.admin, holder: "account 0" } };
    const attempt = deployLocalSystem(signers, {
      delays: "asWritten",
      adjust: (params) => ({ ...params, roles: adjusted }),
    });
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(StepFailed);
    expect((error as StepFailed).step).to.match(/^label_/);
  });

  describe("as published in docs/roles.md", () => {
    it("are those of deploy/roles.ts", () => {
      const expected = ROLES.map(({ label, id, isCancelledByGuardian, name, ...role }) => ({
        label,
        id,
        delay: delayText(system, name),
        isCancelledByGuardian,
        functions: [
          ...role.vaultFunctions,
          ...role.poolFunctions.map((method) => `pool.${method}`),
          ...role.fundFunctions.map((method) => `fund.${method}`),
          ...role.distributorFunctions.map((method) => `rewards.${method}`),
          ...role.allocatorFunctions.map((method) => `allocator.${method}`),
        ],
      }));
      expect(publishedRoles()).to.deep.equal(expected);
    });
  });
});

/** `roleId holder delay` of everybody who was granted a role and has not lost it, sorted. */
async function holdersFromEvents({ manager }: LocalSystem): Promise<readonly string[]> {
  const granted = await manager.queryFilter(manager.filters.RoleGranted());
  const revoked = await manager.queryFilter(manager.filters.RoleRevoked());
  const changes = [
    ...granted.map(({ args, blockNumber, index }) => ({
      key: `${args.roleId} ${args.account}`,
      holder: `${args.roleId} ${args.account} ${args.delay}`,
      order: blockNumber * 10_000 + index,
    })),
    ...revoked.map(({ args, blockNumber, index }) => ({
      key: `${args.roleId} ${args.account}`,
      holder: undefined,
      order: blockNumber * 10_000 + index,
    })),
  ].sort((a, b) => a.order - b.order);
  const holders = new Map<string, string>();
  for (const { key, holder } of changes) {
    if (holder === undefined) holders.delete(key);
    else holders.set(key, holder);
  }
  return [...holders.values()].sort();
}

function fundAt({ addresses }: LocalSystem, symbol: string): string {
  const address = addresses.get(`Fund_${symbol}`);
  if (address === undefined) throw new RangeError(`found no fund of ${symbol}`);
  return address;
}

function distributorAt({ addresses }: LocalSystem): string {
  const address = addresses.get("RewardsDistributor");
  if (address === undefined) throw new RangeError("found no distributor");
  return address;
}

function selectorOf(
  contract: "ICollateralVault" | "LendingPool" | "InsuranceFund" | "RewardsDistributor",
  name: string,
): string {
  const found = stateChanging(contract).find((fragment) => fragment.name === name);
  if (found === undefined) throw new RangeError(`function "${name}" found nowhere in ${contract}`);
  return found.selector;
}

function delayText(system: LocalSystem, name: RoleName): string {
  const days = system.params.roles[name].delayFor / BigInt(DAY);
  if (days === 0n) return "none";
  return days === 1n ? "1 day" : `${days} days`;
}

function publishedRoles(): readonly PublishedRole[] {
  const text = readFileSync(path.join(root, "docs", "roles.md"), "utf8");
  return [...text.matchAll(/^\| ([A-Z_]+) +\| (\d+) +\| (.+?) +\| (yes|no) +\| (.+?) +\|$/gm)].map(
    ([, label = "", id = "", delay = "", cancelled, functions = ""]) => ({
      label,
      id: BigInt(id),
      delay,
      isCancelledByGuardian: cancelled === "yes",
      functions: functions.startsWith("those of") ? [] : functions.split(", "),
    }),
  );
}
