// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ICollateralVault} from "../../contracts/interfaces/ICollateralVault.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {IWriteOff} from "../../contracts/interfaces/IWriteOff.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {TestBase} from "./TestBase.sol";

/// The whole system on an empty chain: vault in its four rooms, two pools, three collaterals, their feeds. The test
/// itself is the admin of the AccessManager.
///
/// Calls that the test makes are transactions of their own (`isolate` in the configuration), so nothing transient
/// survives from one to the next; what has to happen in one transaction goes through a `Bundle`.
abstract contract Deployment is TestBase {
    PoolId internal constant USDC = PoolId.wrap(0);
    PoolId internal constant DAI = PoolId.wrap(1);
    uint256 internal constant ALL = type(uint256).max;
    uint256 internal constant START = 1_750_000_000;

    AccessManager internal manager;
    ICollateralVault internal vault;
    ILendingPool internal usdcPool;
    ILendingPool internal daiPool;
    MockToken internal usdc;
    MockToken internal dai;
    MockToken internal weth;
    MockToken internal wbtc;
    MockToken internal link;

    mapping(address token => MockAggregator feed) internal feedOf;
    address[] internal tokens;

    address internal alice = makeAddr("alice"); // pledges and borrows
    address internal bob = makeAddr("bob"); // pledges and borrows
    address internal carol = makeAddr("carol"); // lends
    address internal dave = makeAddr("dave"); // liquidates
    address internal mallory = makeAddr("mallory"); // means harm

    function setUp() public virtual {
        vm.warp(START);
        manager = new AccessManager(address(this));
        _deployVault(address(0), 0);
        _listTokens();
        _listPools();
        _setRisk();
        address[5] memory actors = [alice, bob, carol, dave, mallory];
        for (uint256 i; i < actors.length; ++i) _approveAll(actors[i]);
        _fundPools();
    }

    // ---- deployment ----

    function _deployVault(address sequencerFeed, uint256 graceFor) internal {
        bytes memory common = abi.encode(address(manager), sequencerFeed, graceFor);
        address room = _deploy("VaultLens.sol:VaultLens", common);
        room = _deploy("VaultConfigurator.sol:VaultConfigurator", bytes.concat(common, abi.encode(room)));
        room = _deploy("VaultReuse.sol:VaultReuse", bytes.concat(common, abi.encode(room)));
        room = _deploy("VaultCustody.sol:VaultCustody", bytes.concat(common, abi.encode(room)));
        room = _deploy("VaultWriteOff.sol:VaultWriteOff", bytes.concat(common, abi.encode(room)));
        room = _deploy("VaultUpkeep.sol:VaultUpkeep", bytes.concat(common, abi.encode(room)));
        room = _deploy("VaultLiquidation.sol:VaultLiquidation", bytes.concat(common, abi.encode(room)));
        room = _deploy("CollateralVault.sol:CollateralVault", bytes.concat(common, abi.encode(room)));
        vault = ICollateralVault(room);
        vm.label(room, "vault");
    }

    /// from the artifact, so that a test contract does not carry the code of all others
    function _deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("contracts/", artifact)), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(deployed != address(0), artifact);
    }

    function _listTokens() private {
        usdc = _token("USDC", 6, 1e8, 0);
        dai = _token("DAI", 18, 1e8, 0);
        weth = _token("WETH", 18, 2_000e8, 50_000e18);
        wbtc = _token("WBTC", 8, 60_000e8, 2_000e8);
        link = _token("LINK", 18, 15e8, 1_000_000e18);
    }

    /// a token of the registry with a feed of eight decimals
    function _token(
        string memory symbol,
        uint8 decimals,
        int192 answer,
        uint256 capAssets
    ) internal returns (MockToken token) {
        token = new MockToken(symbol, symbol, decimals);
        vm.label(address(token), symbol);
        _list(address(token), answer, capAssets);
    }

    function _list(address token, int192 answer, uint256 capAssets) internal {
        MockAggregator feed = new MockAggregator(8);
        feed.push(answer, uint64(block.timestamp));
        feedOf[token] = feed;
        tokens.push(token);
        _sendProbe(token);
        vault.listAsset(token, _feedConfig(address(feed)), capAssets);
        // so that tests may count on balances to the unit
        vault.recover(token, address(this));
    }

    /// what a listing asks for: a millionth of a token, at least 10,000 units and at most one token
    function _sendProbe(address token) internal {
        MockToken(token).mint(address(vault), _probeOf(MockToken(token).decimals()));
    }

    function _probeOf(uint256 decimals) internal pure returns (uint256 assets) {
        assets = decimals > 10 ? 10 ** (decimals - 6) : 10_000;
        if (decimals < 4) assets = 10 ** decimals;
    }

    function _feedConfig(address feed) internal pure returns (IVaultConfigurator.FeedConfig memory) {
        return
            IVaultConfigurator.FeedConfig({
                feed: feed,
                maxAgeFor: 1 hours,
                lowestAnswer: 1e4,
                highestAnswer: 1_000_000e8,
                secondFeed: address(0),
                secondMaxAgeFor: 0,
                maxDeviationBps: 0,
                rate: _noRate()
            });
    }

    function _noRate() internal pure returns (IVaultConfigurator.RateConfig memory rate) {}

    function _listPools() private {
        usdcPool = _pool(usdc, "lend USDC", 100e6, 100_000_000e6);
        daiPool = _pool(dai, "lend DAI", 100e18, 100_000_000e18);
    }

    function _pool(
        MockToken cash,
        string memory name,
        uint256 minimumDebtAssets,
        uint256 capAssets
    ) internal returns (ILendingPool pool) {
        bytes memory arguments = abi.encode(cash, vault, manager, name, name);
        pool = ILendingPool(_deploy("LendingPool.sol:LendingPool", arguments));
        vm.label(address(pool), name);
        pool.setTerms(_terms(capAssets, minimumDebtAssets));
        vault.listPool(address(pool), 1_000_000);
    }

    function _terms(uint256 capAssets, uint256 minimum) internal pure returns (ILendingPool.Terms memory) {
        return
            ILendingPool.Terms({
                baseBps: 1_00,
                kinkBps: 80_00,
                slopeBelowBps: 4_00,
                slopeAboveBps: 60_00,
                reserveBps: 10_00,
                supplyCapAssets: capAssets,
                borrowCapAssets: capAssets,
                minimumDebtAssets: minimum,
                fundBps: 0,
                flashFeeBps: 0
            });
    }

    function _rules() internal pure returns (RiskParameters memory) {
        return
            RiskParameters({
                closeOutBps: 20_00,
                targetShareBps: 60_00,
                targetMinBps: 10,
                targetMaxBps: 25_00,
                bonusMinBps: 1_00,
                bonusPerUsedBps: 5_00,
                bonusPerHourBps: 1_00,
                feeBps: 50,
                cureMinFor: 10 minutes,
                cureMaxFor: 2 hours,
                roundingValue: 10,
                minimumTransferValue: 100,
                dustValue: 100,
                throttleBps: 50_00
            });
    }

    function _setRisk() private {
        vault.setRiskParameters(_rules());
        PoolId[2] memory pools = [USDC, DAI];
        for (uint256 i; i < pools.length; ++i) {
            vault.setPair(address(weth), pools[i], _pair(200_000, 150_000, 200_000_000e18, 10_00));
            vault.setPair(address(wbtc), pools[i], _pair(180_000, 130_000, 200_000_000e18, 8_00));
            vault.setPair(address(link), pools[i], _pair(300_000, 220_000, 20_000_000e18, 12_00));
        }
    }

    function _pair(
        uint256 initialPpm,
        uint256 maintenancePpm,
        uint256 depthValue,
        uint256 maxBonusBps
    ) internal pure returns (IVaultConfigurator.PairConfig memory) {
        return
            IVaultConfigurator.PairConfig({
                initialFloorPpm: initialPpm / 2 > maintenancePpm ? initialPpm / 2 : maintenancePpm,
                initialCapPpm: 900_000,
                maintenanceFloorPpm: maintenancePpm,
                maintenanceCapPpm: 800_000,
                initialTargetPpm: initialPpm,
                maintenanceTargetPpm: maintenancePpm,
                depthValue: depthValue,
                maxBonusBps: maxBonusBps
            });
    }

    function _approveAll(address actor) internal {
        for (uint256 i; i < tokens.length; ++i) {
            vm.prank(actor);
            MockToken(tokens[i]).approve(address(vault), ALL);
        }
        vm.prank(actor);
        usdc.approve(address(usdcPool), ALL);
        vm.prank(actor);
        dai.approve(address(daiPool), ALL);
    }

    function _fundPools() internal virtual {
        lends(carol, usdcPool, 10_000_000e6);
        lends(carol, daiPool, 10_000_000e18);
    }

    // ---- verbs ----

    function accountOf(address actor) internal pure returns (AccountId) {
        return toAccountId(actor, 0);
    }

    function lends(address actor, ILendingPool pool, uint256 assets) internal {
        MockToken(pool.asset()).mint(actor, assets);
        vm.prank(actor);
        pool.deposit(assets, actor);
    }

    function deposits(address actor, MockToken token, uint256 assets) internal {
        token.mint(actor, assets);
        vm.prank(actor);
        vault.deposit(accountOf(actor), address(token), assets);
    }

    function withdraws(address actor, MockToken token, uint256 assets) internal {
        vm.prank(actor);
        vault.withdraw(accountOf(actor), address(token), assets, actor);
    }

    function borrows(address actor, PoolId pool, uint256 assets) internal {
        vm.prank(actor);
        vault.borrow(accountOf(actor), pool, assets, actor);
    }

    function repays(address actor, PoolId pool, uint256 assets) internal {
        MockToken cash = pool.toUint() == 0 ? usdc : dai;
        (, uint256 owed) = vault.debtOf(accountOf(actor), pool);
        cash.mint(actor, assets < owed ? assets : owed);
        vm.prank(actor);
        vault.repay(accountOf(actor), pool, assets);
    }

    /// 100 WETH against 150,000 USDC: initial line 1,875 USD for a WETH, maintenance line 1,765, close-out 1,701,
    /// insolvent 1,523
    function _alicePledgesAndBorrows() internal {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 150_000e6);
    }

    function leg(MockToken token, PoolId pool, uint256 most) internal pure returns (ILiquidation.Leg[] memory legs) {
        legs = new ILiquidation.Leg[](1);
        legs[0] = _leg(token, pool, most);
    }

    function _leg(MockToken token, PoolId pool, uint256 most) internal pure returns (ILiquidation.Leg memory) {
        return ILiquidation.Leg({asset: address(token), pool: pool, maxRepaidAssets: most, minimumOut: 0});
    }

    function _liquidationsOf(AccountId account) internal view returns (uint256) {
        return _rowOf(account).liquidations;
    }

    function _rowOf(AccountId account) internal view returns (IVaultLens.HealthRow memory) {
        AccountId[] memory accounts = new AccountId[](1);
        accounts[0] = account;
        return vault.healthOf(accounts)[0];
    }

    /// `dave` has whatever cash it takes
    function _fundKeeper() internal {
        usdc.mint(dave, 100_000_000e6);
        dai.mint(dave, 100_000_000e18);
    }

    function liquidates(
        address actor,
        address target,
        MockToken token,
        PoolId pool,
        uint256 most
    ) internal returns (ILiquidation.LegReceipt memory) {
        _fundKeeper();
        AccountId account = accountOf(target);
        uint256 expected = _liquidationsOf(account);
        vm.prank(actor);
        return vault.liquidate(account, leg(token, pool, most), expected, block.timestamp, actor, "")[0];
    }

    function writesOff(
        address actor,
        address target
    ) internal returns (IWriteOff.Taken[] memory taken, IWriteOff.Settled[] memory settled) {
        _fundKeeper();
        AccountId account = accountOf(target);
        IVaultLens.AccountView memory found = vault.accountOf(account);
        uint256[] memory most = new uint256[](found.snapshot.debts.length);
        for (uint256 j; j < most.length; ++j) most[j] = ALL;
        uint256[] memory least = new uint256[](found.snapshot.collaterals.length);
        vm.prank(actor);
        return vault.writeOff(account, found.row.liquidations, most, least, block.timestamp, actor, "");
    }

    // ---- prices and time ----

    /// pushes a new round; eight decimals
    function moves(MockToken token, int192 answer) internal {
        feedOf[address(token)].push(answer, uint64(block.timestamp));
    }

    /// lets time pass; every feed that was fresh repeats its answer
    function passes(uint256 elapsedFor) internal {
        skip(elapsedFor);
        for (uint256 i; i < tokens.length; ++i) {
            (, int256 answer, , , ) = feedOf[tokens[i]].latestRoundData();
            feedOf[tokens[i]].push(int192(answer), uint64(block.timestamp));
        }
    }

    /// lets the slow averages come to spot within 1 %
    function settles() internal {
        uint256[] memory ids = new uint256[](tokens.length);
        for (uint256 i; i < ids.length; ++i) ids[i] = i;
        for (uint256 i; i < 20; ++i) {
            passes(10 minutes);
            vault.updateSlowAverages(ids);
        }
    }
}
