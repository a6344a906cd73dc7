import { Contract, MaxUint256, type Signer, ZeroAddress } from "ethers";
import { type Artifact, deploy, librariesOf } from "./artifact.ts";
import type { Compiled } from "./compile.ts";
import type { Gas } from "./operations.ts";
import { readPeerFile } from "./packages.ts";
import {
  AMOUNT,
  done,
  HOUR_FOR,
  type Meter,
  meterOn,
  PRICE,
  type Stage,
  type StageAsset,
} from "./stage.ts";

const ARTIFACTS = "@aave/core-v3/artifacts/contracts/";
const LOGIC = "protocol/libraries/logic/";
const RAY = 10n ** 27n;
const VARIABLE = 2n; // interest rate mode
const NO_CODE = 0n; // referral
/** Lines of the collaterals [bps], those of Morpho's market; the fee on interest is that of the main market. */
const BPS = { ltv: 80_00n, liquidation: 86_00n, bonus: 105_00n, fee: 10_00n };
const MARKET = "Surety bench";

interface Aave {
  readonly stage: Stage;
  readonly as: (signer: Signer) => Contract; // the pool
}

/**
 * Gas of Aave v3's operations, by the bytecode that its package brings. The loan token is no collateral there: lending it
 * checks no health.
 */
export async function measureAave(stage: Stage, compiled: Compiled): Promise<Gas> {
  const meter = meterOn(stage);
  const aave = await deployAave(stage, compiled);
  await stage.setPrices(PRICE.first);
  await lend(aave, meter);
  await own(aave, meter);
  await ownThree(aave, meter);
  await liquidate(aave, meter);
  return meter.gas;
}

// ── Deployment ──────────────────────────────────────────────────────────────────────────────────

type Make = (path: string, ...args: readonly unknown[]) => Promise<Contract>;

async function deployAave(stage: Stage, compiled: Compiled): Promise<Aave> {
  const { deployer, people, collaterals, loan } = stage;
  const make = makerFor(deployer);
  const admin = await deployer.getAddress();
  const provider = await make("protocol/configuration/PoolAddressesProvider", MARKET, admin);
  const call = (contract: Contract, name: string, ...args: readonly unknown[]) =>
    done(() => contract.getFunction(name).send(...args));
  await call(provider, "setACLAdmin", admin);
  const roles = await make("protocol/configuration/ACLManager", provider);
  await call(provider, "setACLManager", roles);
  await call(roles, "addPoolAdmin", admin);
  await call(provider, "setPoolImpl", await make("protocol/pool/Pool", provider));
  const configuratorCode = await make("protocol/pool/PoolConfigurator", provider);
  await call(provider, "setPoolConfiguratorImpl", configuratorCode);
  const assets = [...collaterals, loan];
  await call(provider, "setPriceOracle", await makeOracle(stage, compiled, make, provider));
  const configuratorAt = (await provider.getFunction("getPoolConfigurator").staticCall()) as string;
  const configurator = new Contract(configuratorAt, configuratorCode.interface, deployer);
  const poolAt = (await provider.getFunction("getPool").staticCall()) as string;
  await call(configurator, "initReserves", await reservesOf(stage, make, provider, poolAt));
  for (const { address } of assets) await call(configurator, "setReserveFactor", address, BPS.fee);
  await call(configurator, "setReserveBorrowing", loan.address, true);
  for (const { address } of collaterals) {
    const { ltv, liquidation, bonus } = BPS;
    await call(configurator, "configureReserveAsCollateral", address, ltv, liquidation, bonus);
  }
  for (const person of Object.values(people)) {
    for (const { token } of assets) {
      await done(() => token.connect(person).approve(poolAt, MaxUint256));
    }
  }
  const pool = new Contract(poolAt, readArtifact("protocol/pool/Pool").abi, deployer);
  return { stage, as: (signer) => pool.connect(signer) as Contract };
}

/** Deploys contracts of the package with the libraries they need, each library once. */
function makerFor(deployer: Signer): Make {
  const libraries: Record<string, string> = {};
  const make: Make = async (path, ...args) => {
    const artifact = readArtifact(path);
    for (const name of librariesOf(artifact)) {
      libraries[name] ??= await (await make(`${LOGIC}${name}`)).getAddress();
    }
    return deploy(artifact, deployer, args, libraries);
  };
  return make;
}

function readArtifact(path: string): Artifact {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return JSON.parse(readPeerFile(`${ARTIFACTS}${path}.sol/${name}.json`)) as Artifact;
}

/** Aave asks its sources for `latestAnswer`, which the feeds of the stage do not have. */
async function makeOracle(
  { deployer, collaterals, loan }: Stage,
  compiled: Compiled,
  make: Make,
  provider: Contract,
): Promise<Contract> {
  const artifact = compiled.AnswerFeed;
  if (artifact === undefined) throw new RangeError('contract "AnswerFeed" found nowhere');
  const assets = [...collaterals, loan];
  const feeds: Contract[] = [];
  for (const { aggregator } of assets) feeds.push(await deploy(artifact, deployer, [aggregator]));
  const addresses = assets.map(({ address }) => address);
  return make("misc/AaveOracle", provider, addresses, feeds, ZeroAddress, ZeroAddress, 10n ** 8n);
}

async function reservesOf(stage: Stage, make: Make, provider: Contract, pool: string) {
  const [aToken, stable, variable] = [
    await make("protocol/tokenization/AToken", pool),
    await make("protocol/tokenization/StableDebtToken", pool),
    await make("protocol/tokenization/VariableDebtToken", pool),
  ];
  const percent = (share: bigint) => (RAY * share) / 100n;
  // kink at 90 %, slopes 4 % and 60 %; no stable rates
  const strategy = await make(
    "protocol/pool/DefaultReserveInterestRateStrategy",
    ...[provider, percent(90n), 0n, percent(4n), percent(60n), 0n, 0n, 0n, 0n, percent(20n)],
  );
  const treasury = await stage.deployer.getAddress();
  const reserve = ({ address }: StageAsset, symbol: string, decimals: bigint) => [
    ...[aToken, stable, variable, decimals, strategy, address, treasury, ZeroAddress],
    ...[`Aave ${symbol}`, `a${symbol}`, `Variable ${symbol}`, `v${symbol}`],
    ...[`Stable ${symbol}`, `s${symbol}`, "0x"],
  ];
  const [first, second, third] = stage.collaterals;
  return [
    reserve(first, "WETH", 18n),
    reserve(second, "ONE", 18n),
    reserve(third, "TWO", 18n),
    reserve(stage.loan, "USDC", 6n),
  ];
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────

/** What a signer does in the pool, for itself. */
async function verbsOf({ stage, as }: Aave, signer: Signer) {
  const to = await signer.getAddress();
  const usdc = stage.loan.address;
  const weth = stage.collaterals[0].address;
  const call = (name: string, ...args: readonly unknown[]) => {
    const method = as(signer).getFunction(name);
    return () => method.send(...args);
  };
  return {
    lend: (assets: bigint) => call("supply", usdc, assets, to, NO_CODE),
    leave: (assets: bigint) => call("withdraw", usdc, assets, to),
    deposit: (assets: bigint, asset = weth) => call("supply", asset, assets, to, NO_CODE),
    withdraw: (assets: bigint) => call("withdraw", weth, assets, to),
    borrow: (assets: bigint) => call("borrow", usdc, assets, VARIABLE, NO_CODE, to),
    repay: (assets: bigint) => call("repay", usdc, assets, VARIABLE, to),
    seize: (debtor: string, repaid: bigint) =>
      call("liquidationCall", weth, usdc, debtor, repaid, false),
  };
}

async function lend(aave: Aave, meter: Meter): Promise<void> {
  const { people } = aave.stage;
  const other = await verbsOf(aave, people.other);
  await done(other.lend(AMOUNT.reserve));
  await done(other.deposit(AMOUNT.otherCollateral));
  await done(other.borrow(AMOUNT.otherDebt));
  aave.stage.pass(HOUR_FOR); // so that there is interest, and the treasury's share of it has a slot
  await done(other.lend(AMOUNT.loan));
  const lender = await verbsOf(aave, people.lender);
  await meter.measure("f1", lender.lend(AMOUNT.loan));
  await meter.measure("f2", lender.lend(AMOUNT.loan));
  await meter.measure("f3", lender.leave(AMOUNT.loanWithdrawal));
  await meter.measure("f4", lender.leave(MaxUint256));
}

async function own(aave: Aave, meter: Meter): Promise<void> {
  const { people } = aave.stage;
  const owner = await verbsOf(aave, people.owner);
  await meter.measure("a1", owner.deposit(AMOUNT.deposit));
  await meter.measure("a2", owner.deposit(AMOUNT.deposit));
  await meter.measure("b1", owner.borrow(AMOUNT.debt));
  await meter.measure("b2", owner.borrow(AMOUNT.debt));
  await meter.measure("c1", owner.repay(AMOUNT.repayment));
  await meter.measure("d1", owner.withdraw(AMOUNT.withdrawal));
  await meter.measure("c2", owner.repay(MaxUint256));
  await meter.measure("d2", owner.withdraw(MaxUint256));
  const second = await verbsOf(aave, people.secondOwner);
  const both = [second.deposit(AMOUNT.deposit), second.borrow(AMOUNT.debt)];
  await meter.measure("g1", ...both);
  await meter.measure("g2", ...both);
}

async function ownThree(aave: Aave, meter: Meter): Promise<void> {
  const { people, collaterals } = aave.stage;
  const third = await verbsOf(aave, people.thirdOwner);
  // the pool has had all three from others before
  const other = await verbsOf(aave, people.other);
  for (const { address } of collaterals) {
    await done(other.deposit(AMOUNT.deposit, address));
    await done(third.deposit(AMOUNT.deposit, address));
  }
  await done(third.borrow(AMOUNT.debt));
  await meter.measure("b2x3", third.borrow(AMOUNT.debt));
  await meter.measure("d1x3", third.withdraw(AMOUNT.withdrawal));
}

async function liquidate(aave: Aave, meter: Meter): Promise<void> {
  const { people, collaterals } = aave.stage;
  const [one, three] = [people.oneDebtor, people.threeDebtor];
  const [ofOne, ofThree] = [await verbsOf(aave, one), await verbsOf(aave, three)];
  const [, ...more] = collaterals;
  await aave.stage.setPrices(PRICE.first);
  await done(ofOne.deposit(AMOUNT.deposit));
  await done(ofOne.borrow(AMOUNT.riskyDebt));
  await done(ofThree.deposit(AMOUNT.mostOfThree));
  for (const { address } of more) await done(ofThree.deposit(AMOUNT.deposit / 2n, address));
  await done(ofThree.borrow(AMOUNT.riskyDebtOfThree));
  const keeper = await verbsOf(aave, people.keeper);
  await meter.measureFallen("e1", keeper.seize(await one.getAddress(), AMOUNT.debt));
  await meter.measureFallen("e3", keeper.seize(await three.getAddress(), AMOUNT.debt));
}
