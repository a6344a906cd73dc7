import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import type { JsonRpcSigner } from "ethers";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import type { Examination } from "../../scripts/listAsset/examine.ts";
import { MockAggregator__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockAggregator.sol/MockAggregator__factory.ts";
import { MockToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockToken__factory.ts";
import { ShortNameToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/OddTokens.sol/ShortNameToken__factory.ts";
import { BlocklistToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/WeirdTokens.sol/BlocklistToken__factory.ts";
import { FeeToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/WeirdTokens.sol/FeeToken__factory.ts";
import { NamelessToken__factory } from "../../types/ethers-contracts/factories/contracts/mocks/WeirdTokens.sol/NamelessToken__factory.ts";
import { type Ended, runCommand } from "../support/command.ts";
import { type LocalNode, startNode } from "../support/localNode.ts";

const PAIR = {
  pool: 0,
  initialFloorPpm: "150_000",
  initialCapPpm: 900_000,
  maintenanceFloorPpm: "150_000",
  maintenanceCapPpm: 800_000,
  initialTargetPpm: 200_000,
  maintenanceTargetPpm: 150_000,
  depth: "10_000_000",
  maxBonusBps: 500,
};

describe("npm run list-asset", () => {
  let node: LocalNode;
  let system: LocalSystem;
  let folder: string;
  let maker: JsonRpcSigner;
  let feed: string;
  let restore: () => Promise<void>;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "surety-list-"));
    node = await startNode();
    system = await deployLocalSystem(node.signers, { assets: ["WETH"], pools: ["USDC"] });
    maker = node.signer(8);
    feed = await makeFeed(8, 10_00000000n);
  });

  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    restore = await node.snapshot();
  });

  afterEach(() => restore());

  async function makeFeed(decimals: number, answer: bigint): Promise<string> {
    const aggregator = await new MockAggregator__factory(maker).deploy(decimals);
    await aggregator.waitForDeployment();
    const latest = await node.provider.getBlock("latest");
    await (await aggregator.push(answer, BigInt(latest?.timestamp ?? 0))).wait();
    return aggregator.getAddress();
  }

  async function makeToken(): Promise<string> {
    const token = await new MockToken__factory(maker).deploy("New Coin", "NEW", 18);
    await token.waitForDeployment();
    await (await token.mint(maker.address, 10n ** 20n)).wait();
    return token.getAddress();
  }

  async function pairsFile(content: unknown): Promise<string> {
    const file = path.join(folder, "pairs.json5");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  function lists(asset: string, ...more: readonly string[]): Promise<Ended> {
    const given = ["--rpc", node.url, "--vault", system.vaultAddress, "--asset", asset];
    const priced = ["--max-age-for", "5400", "--lowest-price", "0.1", "--highest-price", "1_000"];
    const fed = more.includes("--feed") ? [] : ["--feed", feed];
    return runCommand("scripts/listAsset.ts", ...given, ...fed, ...priced, ...more);
  }

  /** what is said without line breaks */
  function flat({ out }: Ended): string {
    return out.replaceAll(/\s+/g, " ");
  }

  it("passes a plain token, and makes the calls with which it is then listed", async () => {
    const asset = await makeToken();
    const json = path.join(folder, "deep", "listing.json");
    const pairs = await pairsFile([PAIR]);
    const ended = await lists(
      asset,
      ...["--pairs", pairs, "--cap", "1_000_000", "--holder", maker.address, "--json", json],
    );
    assert.equal(ended.err, "");
    assert.equal(ended.code, 0, ended.out);
    assert.include(flat(ended), '"New Coin", a contract');
    assert.include(flat(ended), "Before the listing is executed send 1000000000000 base units");
    assert.include(flat(ended), "passed with its trial of transfers");
    assert.include(flat(ended), "Nothing speaks against it; 2 to look at.");
    for (const line of ended.out.split("\n").filter((text) => !/ 0x\w{100}/.test(text)))
      assert.isAtMost(line.length, 110, line);

    const told: Examination = JSON.parse(await readFile(json, "utf8"));
    assert.deepEqual(
      told.calls.map(({ role, method }) => `${role} ${method}`),
      ["GOVERNOR listAsset", "RISK_STEWARD setPair", "RISK_STEWARD setSupplyCap"],
    );
    const token = MockToken__factory.connect(asset, maker);
    await (await token.transfer(system.vaultAddress, 10n ** 12n)).wait();
    const { governor, riskSteward } = system.roles;
    for (const { role, target, data } of told.calls) {
      const sender = role === "GOVERNOR" ? governor : riskSteward;
      await (await sender.sendTransaction({ to: target, data, gasLimit: 3_000_000n })).wait();
    }
    const [, , listed] = await system.vault.assets();
    assert.equal(listed?.asset, asset);
    assert.equal(listed?.capAssets, 10n ** 24n);
    assert.equal((await system.vault.pairOf(asset, 0n)).maintenancePpm, 150_000n);
    const again = await lists(asset);
    assert.equal(again.code, 1);
    assert.include(flat(again), "the token is asset 2 already");
  });

  it("schedules what it prints", async () => {
    const asset = await makeToken();
    const json = path.join(folder, "listing.json");
    await lists(asset, "--json", json);
    const told: Examination = JSON.parse(await readFile(json, "utf8"));
    const [call] = told.calls;
    assert(call !== undefined);
    const decoded = system.manager.interface.decodeFunctionData("schedule", call.schedule);
    assert.deepEqual([...decoded], [system.vaultAddress, call.data, 0n]);
    assert.equal(told.manager, await system.manager.getAddress());
  });

  it("tries the transfers with what the vault has, and refuses a fee", async () => {
    const token = await new FeeToken__factory(maker).deploy(1n);
    await token.waitForDeployment();
    const asset = await token.getAddress();
    await (await token.mint(system.vaultAddress, 10n ** 12n)).wait();
    const ended = await lists(asset);
    assert.equal(ended.code, 1);
    assert.include(flat(ended), "Do not list this token: it takes fees");
    assert.notInclude(ended.out, "schedule");
    await (await token.setFee(0n)).wait();
    assert.equal((await lists(asset)).code, 0);
  });

  it("says so when it cannot try the transfers", async () => {
    const asset = await makeToken();
    const ended = await lists(asset);
    assert.equal(ended.code, 0);
    assert.include(flat(ended), "not simulated: the vault lacks tokens for the trial");
  });

  it("refuses a token that refuses its holder", async () => {
    const token = await new BlocklistToken__factory(maker).deploy(18);
    await token.waitForDeployment();
    await (await token.mint(maker.address, 10n ** 18n)).wait();
    await (await token.setPaused(true)).wait();
    const ended = await lists(await token.getAddress(), "--holder", maker.address);
    assert.equal(ended.code, 1);
    assert.match(flat(ended), /refused trial .* no error of Surety's contracts/);
  });

  it("reads a name of 32 bytes, and refuses what is no token", async () => {
    const short = await new ShortNameToken__factory(maker).deploy();
    await short.waitForDeployment();
    assert.include(flat(await lists(await short.getAddress())), '"short" (a name of 32 bytes)');
    const nameless = await new NamelessToken__factory(maker).deploy();
    await nameless.waitForDeployment();
    const ended = await lists(await nameless.getAddress());
    assert.equal(ended.code, 1);
    assert.include(flat(ended), "without a name");
    assert.include(flat(ended), "it does not say its decimals");
    const nothing = await lists(`0x${"77".repeat(20)}`);
    assert.equal(nothing.code, 1);
    assert.include(flat(nothing), "refused token no code there");
  });

  it("refuses feeds that are silent, old, no feeds, or disagree", async () => {
    const asset = await makeToken();
    const far = await makeFeed(18, 11n * 10n ** 18n);
    const second = ["--second-feed", far, "--second-max-age-for", "5400"];
    const apart = await lists(asset, ...second, "--max-deviation-bps", "100");
    assert.equal(apart.code, 1);
    assert.include(flat(apart), "10.00 USD and 11.00 USD, 10 % apart");
    assert.equal((await lists(asset, ...second, "--max-deviation-bps", "1000")).code, 0);
    assert.include(flat(await lists(asset, "--feed", asset)), "it does not answer as a feed");
    assert.include(flat(await lists(asset, "--feed", maker.address)), "refused feed no code there");
    await node.pass(6_000);
    const old = await lists(asset);
    assert.equal(old.code, 1);
    assert.match(flat(old), /its answer is 1 h 4\d min old → Allowed: 1 h 30 min/);
  });

  it("refuses pairs and caps that the setters would refuse", async () => {
    const asset = await makeToken();
    const judge = async (change: object, cap = "0") => {
      const ended = await lists(
        asset,
        "--pairs",
        await pairsFile([{ ...PAIR, ...change }]),
        "--cap",
        cap,
      );
      assert.equal(ended.code, 1, ended.out);
      return flat(ended);
    };
    assert.include(await judge({ maxBonusBps: 2_000 }), "close-out would come after insolvency");
    assert.include(await judge({ pool: 3 }), "the vault has no such pool → Allowed: 0.");
    assert.include(await judge({ initialTargetPpm: 100_000 }), "Allowed: 150000 to 900000");
    assert.include(
      await judge({}, "2_000_001"),
      "worth 20,000,010.00 USD; twice the smallest depth is 20,000,000.00 USD",
    );
  });

  it("refuses options and files that it cannot read, in a sentence", async () => {
    const asset = await makeToken();
    const refused = async (sentence: RegExp, ...more: readonly string[]) => {
      const { code, out, err } = await lists(asset, ...more);
      assert.equal(code, 1);
      assert.equal(out, "");
      assert.match(err, sentence);
      assert.notInclude(err, "    at ");
    };
    await refused(
      /^ProposalInvalid: --holder: found "0x12", allowed: an address/,
      "--holder",
      "0x12",
    );
    await refused(/^ProposalInvalid: --cap: found "many", allowed: a number/, "--cap", "many");
    await refused(
      /^ProposalInvalid: --max-deviation-bps: found "1.5", allowed: a whole number/,
      ...["--second-feed", feed, "--max-deviation-bps", "1.5"],
    );
    await refused(/^ProposalInvalid: --pairs: .*a list in JSON5/, "--pairs", await pairsFile("[{"));
    await refused(
      /^ProposalInvalid: --pairs: found 0\.depth/,
      "--pairs",
      await pairsFile([{ ...PAIR, depth: "x" }]),
    );
    const { code, err } = await lists(asset, "--vault", maker.address);
    assert.equal(code, 1);
    assert.match(err, /^VaultNotFound: /);
  });
});
