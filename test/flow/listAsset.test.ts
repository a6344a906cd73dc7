import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { assert } from "chai";
import type { JsonRpcSigner } from "ethers";
import { deployLocalSystem, type LocalSystem } from "../../scripts/localSystem.ts";
import type { Examination } from "../../scripts/listAsset/examine.ts";
import { MockAggregator__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockAggregator.sol/MockAggregator__factory.ts";
import { MockRateProvider__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockRateProvider__factory.ts";
import { MockYieldVault__factory } from "../../types/ethers-contracts/factories/contracts/mocks/MockRates.sol/MockYieldVault__factory.ts";
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

  // ---- exchange rates ----

  /** a token that earns: shares of an ERC-4626 vault of WETH, whose rate grew by 0.3 % in a month */
  async function makeShares(): Promise<string> {
    const weth = system.asset("WETH");
    const shares = await new MockYieldVault__factory(maker).deploy(weth.address, 0);
    await shares.waitForDeployment();
    const address = await shares.getAddress();
    const token = weth.token.connect(maker);
    await system.mint("WETH", maker, 2n * 10n ** 18n);
    await (await token.approve(address, 10n ** 18n)).wait();
    await (await shares.deposit(10n ** 18n, maker.address)).wait();
    await node.pass(30 * 86_400);
    await (await token.transfer(address, 3n * 10n ** 15n)).wait();
    return address;
  }

  async function makeProvider(rate: bigint) {
    const provider = await new MockRateProvider__factory(maker).deploy(rate);
    await provider.waitForDeployment();
    return { provider, address: await provider.getAddress() };
  }

  it("passes a token that earns, and makes the calls that list it with its rate", async () => {
    const asset = await makeShares();
    const underlying = await makeFeed(8, 2_000_00000000n);
    const json = path.join(folder, "rated.json");
    const priced = ["--feed", underlying, "--highest-price", "200_000", "--rate-provider", asset];
    const ended = await lists(
      asset,
      ...[...priced, "--rate-growth-ppm", "250", "--holder", maker.address, "--json", json],
      ...["--pairs", await pairsFile([PAIR]), "--cap", "9_000"],
    );
    assert.equal(ended.code, 0, ended.out + ended.err);
    const said = flat(ended);
    assert.include(said, "ok rate provider it answers convertToAssets(uint256)");
    assert.include(said, "1.003000 underlying tokens for one; with the feed one token is worth");
    assert.include(said, "2,006.00 USD");
    assert.match(
      said,
      /ok rate growth capped at 250 ppm a day; it grew by (99|100) ppm a day over/,
    );
    assert.match(said, /ok rate gas a read takes \d{4,5} gas of 300000/);
    assert.include(said, "passed with its trial of transfers");
    assert.include(said, "worth 18,054,000.00 USD; twice the smallest depth is 20,000,000.00 USD");

    const told: Examination = JSON.parse(await readFile(json, "utf8"));
    const shares = MockToken__factory.connect(asset, maker);
    await (await shares.transfer(system.vaultAddress, 10n ** 12n)).wait();
    const { governor, riskSteward } = system.roles;
    for (const { role, target, data } of told.calls) {
      const sender = role === "GOVERNOR" ? governor : riskSteward;
      await (await sender.sendTransaction({ to: target, data, gasLimit: 3_000_000n })).wait();
    }
    const [, , listed] = await system.vault.assets();
    assert.equal(listed?.rate.provider, asset);
    assert.equal(listed?.rate.growthPpm, 250n);
    assert.equal((listed?.price ?? 0n) / 10n ** 15n, 2_005_999n);
  });

  it("compares the cap on growth with what the rate did", async () => {
    const asset = await makeToken();
    const { provider, address } = await makeProvider(10n ** 18n);
    const judge = async (growthPpm: string, ...more: readonly string[]) => {
      const fresh = ["--feed", await makeFeed(8, 10_00000000n)];
      const rated = [...fresh, "--rate-provider", address, "--rate-function", "getRate()"];
      return flat(await lists(asset, ...rated, "--rate-growth-ppm", growthPpm, ...more));
    };
    assert.include(
      await judge("250"),
      "open rate growth capped at 250 ppm a day; what it was before cannot be read here",
    );
    await node.pass(30 * 86_400 + 600);
    await (await provider.setRate(10n ** 18n + 3n * 10n ** 15n)).wait();
    assert.match(await judge("90"), /refused rate growth .* → A real rise would not count/);
    assert.match(await judge("120"), /open rate growth .* → A better month would not count/);
    assert.match(await judge("300"), /ok rate growth capped at 300 ppm a day; it grew by 99/);
    assert.match(await judge("2_000"), /open rate growth .* → The rest is room for a donation/);
    assert.include(await judge("5_001"), "capped at 5001 ppm a day → Allowed: 10 to 5000");
    assert.match(
      await judge("30", "--rate-measured-for", "60"),
      /refused rate growth .* A real rise would not count/,
    );
    await node.pass(3_600);
    assert.include(
      await judge("50", "--rate-measured-for", "3600"),
      "→ Measure a week or more with --rate-measured-for",
    );
    await (await provider.setRate(9n * 10n ** 17n)).wait();
    assert.match(await judge("300"), /open rate growth .* it fell by 10 % over .* Find out why/);
  });

  it("refuses rates that the setter would refuse, and says what would do", async () => {
    const asset = await makeToken();
    const shares = await makeShares();
    const fresh = ["--feed", await makeFeed(8, 10_00000000n)];
    const { provider, address } = await makeProvider(10n ** 27n);
    const refuse = async (...more: readonly string[]) => {
      const ended = await lists(asset, ...fresh, "--rate-growth-ppm", "250", ...more);
      assert.equal(ended.code, 1, ended.out + ended.err);
      return flat(ended);
    };
    const named = ["--rate-provider", address, "--rate-function", "getRate()"];
    assert.include(
      await refuse("--rate-provider", maker.address),
      "refused rate provider no code there",
    );
    assert.include(
      await refuse("--rate-provider", address),
      "it does not say its decimals → Allowed for convertToAssets",
    );
    assert.include(
      await refuse("--rate-provider", shares, "--rate-decimals", "6"),
      "6; those of the provider's asset count, which has 18 → Allowed: 6 to 18, and as many as",
    );
    assert.include(
      await refuse(...named),
      "1,000,000,000.000000 underlying tokens for one; with the feed one token is worth",
    );
    assert.include(await refuse(...named), "→ Allowed: 0.001 to 100. Another number of decimals");
    const coarse = await refuse(...named, "--rate-decimals", "27");
    assert.include(coarse, "27 → Allowed: 6 to 18.");
    assert.include(coarse, "ok rate provider it answers getRate()");
    await (await provider.setFashion(2n, maker.address)).wait();
    assert.include(await refuse(...named), "it answers getRate() with nothing, or with more than");
    await (await provider.setFashion(3n, maker.address)).wait();
    assert.include(await refuse(...named), "it answers getRate() with nothing");
    const token = ["--rate-provider", asset];
    assert.include(await refuse(...token), "it answers convertToAssets(uint256) with nothing");
    assert.include(await refuse(...token), "count, which it does not name");
    const many = await new MockYieldVault__factory(maker).deploy(system.asset("WETH").address, 6);
    await many.waitForDeployment();
    assert.include(
      await refuse("--rate-provider", await many.getAddress()),
      "its shares have 24 decimals",
    );
    assert.include(
      await refuse("--cap", "1_000_000_000_001", "--pairs", await pairsFile([PAIR])),
      "worth 1,000,000,000,001,000.00 USD at the highest price that is believed → Allowed:",
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
    await refused(
      /^ProposalInvalid: --rate-function: found "rate\(uint256\)", allowed: "convertToAssets/,
      ...["--rate-provider", feed, "--rate-function", "rate(uint256)"],
    );
    await refused(
      /^ProposalInvalid: --rate-measured-for: found 0, allowed: a second or more/,
      ...["--rate-provider", feed, "--rate-measured-for", "0"],
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
