import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { dataSlice, id as hashOf } from "ethers";
import { artifacts, network } from "hardhat";
import { INNER_ROOMS, interfaceOf, ROOMS, SPOKEN } from "../../deploy/contracts.ts";
import { PUBLIC_VAULT_FUNCTIONS } from "../../deploy/roles.ts";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import { toAccountId } from "../../sdk/accountId.ts";
import { root } from "../../scripts/runTool.ts";
import { type Answer, answerTo, callDataOf, errorIn, stateChanging, wordOf } from "./support.ts";

type RoomName = (typeof ROOMS)[number];

interface StorageSlot {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

describe("rooms of the vault", () => {
  let system: LocalSystem;
  let stranger: string;

  before(async () => {
    const connection = await network.create();
    system = await deployLocalSystem(await connection.ethers.getSigners());
    stranger = (await system.actors[0]?.getAddress()) ?? "";
  });

  it("share one storage layout", async () => {
    const vault = await storageOf("CollateralVault");
    expect(vault.map(({ label }) => label)).to.include.members([
      "heads",
      "assetStates",
      "poolCount",
    ]);
    for (const room of INNER_ROOMS) expect(await storageOf(room), room).to.deep.equal(vault);
  });

  it("agree on the immutables, and each knows the next", async () => {
    const sequencerFeed = "0x1111111111111111111111111111111111111111";
    const sequencerGraceFor = 4_321n;
    const connection = await network.create();
    const { addresses, provider } = await deployLocalSystem(await connection.ethers.getSigners(), {
      adjust: (params) => ({
        ...params,
        network: { ...params.network, sequencerFeed, sequencerGraceFor },
      }),
    });
    for (const [index, room] of ROOMS.entries()) {
      const next = addresses.get(ROOMS[index + 1] ?? "");
      const found = await immutablesOf(room, await provider.getCode(addresses.get(room) ?? ""));
      // the compiler leaves out what a room does not read
      const shared = [sequencerFeed, sequencerGraceFor, next ?? 0n].map(wordOf);
      const others = found.filter((word) => !shared.includes(word));
      expect(others.length, room).to.equal(room === "VaultLens" ? 1 : 0); // the block of its deployment
      if (next !== undefined) expect(found, room).to.include(wordOf(next));
    }
    const door = addresses.get("CollateralVault") ?? "";
    const words = await immutablesOf("CollateralVault", await provider.getCode(door));
    expect(words).to.include.members([sequencerFeed, sequencerGraceFor].map(wordOf));
  });

  it("answer an unknown selector with UnknownFunction, from every door", async () => {
    const data = dataSlice(hashOf("noSuchFunction()"), 0, 4);
    for (const room of ROOMS) {
      const answer = await ask(room, data);
      expect(errorIn(answer, "CollateralVault"), room).to.equal(`UnknownFunction(${data})`);
    }
    expect(errorIn(await ask("CollateralVault", "0x"), "CollateralVault")).to.equal(
      "UnknownFunction(0x00000000)",
    );
  });

  it("refuse ether", async () => {
    const to = system.vaultAddress;
    const error: unknown = await system.provider
      .call({ from: stranger, to, value: 1n, data: "0x" })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).to.not.equal(undefined);
  });

  describe("called directly", () => {
    it("know no account, asset or pool", async () => {
      for (const room of INNER_ROOMS) {
        const inner = SPOKEN.ICollateralVault.connect(
          system.addresses.get(room) ?? "",
          system.roles.deployer,
        );
        const account = toAccountId(stranger, 0n);
        expect(await inner.assets(), room).to.deep.equal([]);
        expect(await inner.pools(), room).to.deep.equal([]);
        expect(await inner.holdingOf(account, system.asset("WETH").address)).to.equal(0n);
        expect(await inner.debtOf(account, 0)).to.deep.equal([0n, 0n]);
        const [row] = await inner.healthOf([account]);
        expect([row?.collateralValue, row?.debtValue, row?.version], room).to.deep.equal([
          0n,
          0n,
          0n,
        ]);
      }
    });

    it("let nobody change anything: not a stranger, nor any holder of a role", async () => {
      const callers = [stranger];
      for (const signer of Object.values(system.roles)) callers.push(await signer.getAddress());
      for (const room of INNER_ROOMS) {
        for (const fragment of stateChanging("ICollateralVault")) {
          for (const from of callers) {
            const answer = await ask(room, callDataOf(fragment, stranger), from);
            // upkeep of no assets does nothing, here as in the vault; rooms further in do not know it
            const isIdle =
              ["updateSlowAverages", "refreshPrices"].includes(fragment.name) &&
              ["VaultLiquidation", "VaultUpkeep"].includes(room);
            expect(answer.isReverted, `${room}.${fragment.name}`).to.equal(!isIdle);
            if (PUBLIC_VAULT_FUNCTIONS.includes(fragment.name)) continue;
            const [abi, refusal] = isServedFrom(room, fragment.selector)
              ? (["LendingPool", `AccessManagedUnauthorized(${from})`] as const)
              : (["CollateralVault", `UnknownFunction(${fragment.selector})`] as const);
            expect(errorIn(answer, abi), `${room}.${fragment.name}`).to.equal(refusal);
          }
        }
      }
    });

    it("keep their storage empty when upkeep names an asset of the vault", async () => {
      const room = system.addresses.get("VaultUpkeep") ?? "";
      const inner = SPOKEN.ICollateralVault.connect(room, system.actors[0]);
      const receipt = await (await inner.updateSlowAverages([0n, 1n])).wait();
      expect(receipt?.logs).to.deep.equal([]);
      expect(await inner.assets()).to.deep.equal([]);
    });
  });

  async function ask(room: RoomName, data: string, from = stranger): Promise<Answer> {
    return answerTo(system.provider, { from, to: system.addresses.get(room) ?? "", data });
  }
});

/** Whether a room or one behind it knows the function. */
function isServedFrom(room: RoomName, selector: string): boolean {
  return ROOMS.slice(ROOMS.indexOf(room)).some(
    (behind) => interfaceOf(behind).getFunction(selector) !== null,
  );
}

/** Slots of a contract as the compiler laid them out; names of types without the numbers of their declarations. */
async function storageOf(contract: RoomName): Promise<readonly StorageSlot[]> {
  const { buildInfoId, inputSourceName } = await artifacts.readArtifact(contract);
  const file = path.join(root, "artifacts", "build-info", `${buildInfoId}.output.json`);
  const { output } = JSON.parse(readFileSync(file, "utf8")) as {
    output: {
      contracts: Record<
        string,
        Record<string, { storageLayout: { storage: readonly StorageSlot[] } }>
      >;
    };
  };
  const compiled = output.contracts[inputSourceName ?? ""]?.[contract];
  if (compiled === undefined) throw new RangeError(`${contract} found nowhere in ${file}`);
  return compiled.storageLayout.storage.map(({ label, slot, offset, type }) => ({
    label,
    slot,
    offset,
    type: type.replaceAll(/\)\d+/g, ")"),
  }));
}

/** Values of the immutables in deployed code, as words, each once. */
async function immutablesOf(contract: RoomName, code: string): Promise<readonly string[]> {
  const { immutableReferences = {} } = await artifacts.readArtifact(contract);
  const places = Object.values(immutableReferences).flat();
  return [...new Set(places.map(({ start, length }) => dataSlice(code, start, start + length)))];
}
