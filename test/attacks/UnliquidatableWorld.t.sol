// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IOracleRouter} from "../../contracts/interfaces/IOracleRouter.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {BrokenFeed} from "../../contracts/mocks/BrokenFeed.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {BlocklistToken, HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Deployment} from "../support/Deployment.sol";

/// Ways to make a due liquidation or write-off fail by the world around it: tokens, feeds, pools, extremes. Ways by
/// what people do stand in Unliquidatable.t.sol.
contract UnliquidatableWorldTest is Deployment {
    int192 private constant DUE = 1_700e8; // beyond close-out
    int192 private constant HOPELESS = 1_000e8; // insolvent
    uint256 private constant MOST_PRICE = 1 << 119;

    AccountId internal account;

    function setUp() public override {
        super.setUp();
        account = accountOf(alice);
        _fundKeeper();
    }

    // ---- tokens ----

    /// a token that is paused, or that blocks the vault, shields no other. Known issue 27: a speck of it holds up a
    /// write-off, as long as it does not move; a liquidation before that is not held up
    function test_aTokenThatDoesNotMove_shieldsNoOther() external {
        BlocklistToken odd = new BlocklistToken(18);
        _lists(address(odd), 100e8);
        deposits(alice, MockToken(address(odd)), 1e15);
        _alicePledgesAndBorrows();
        moves(weth, DUE);
        uint256 id = vm.snapshotState();
        odd.setPaused(true);
        _liquidates();
        vm.revertToState(id);
        odd.setBlocked(address(vault), true);
        _liquidates();
        moves(weth, HOPELESS);
        (bool success, bytes memory reason) = _triesWriteOff(2);
        assertFalse(success, "held up");
        assertEq(reason, abi.encodeWithSelector(BlocklistToken.Blocked.selector, vault), "by the token");
        odd.setBlocked(address(vault), false);
        (success, ) = _triesWriteOff(2);
        assertTrue(success, "until it moves again");
    }

    /// the owner blocked by the collateral's issuer, and by the cash's: nothing is sent to an owner
    function test_anOwnerWhomTokensBlock_isLiquidated() external {
        BlocklistToken odd = new BlocklistToken(18);
        _lists(address(odd), 100e8);
        deposits(alice, MockToken(address(odd)), 10e18);
        _alicePledgesAndBorrows();
        odd.setBlocked(alice, true);
        bytes memory reason = abi.encodeWithSelector(BlocklistToken.Blocked.selector, alice);
        vm.mockCallRevert(address(usdc), abi.encodeWithSignature("transfer(address,uint256)", alice), reason);
        vm.mockCallRevert(address(weth), abi.encodeWithSignature("transfer(address,uint256)", alice), reason);
        moves(weth, 1_690e8);
        _liquidates();
        moves(weth, HOPELESS);
        (bool success, ) = _triesWriteOff(2);
        assertTrue(success, "written off");
    }

    /// a collateral that calls the owner in mid-transfer: whatever she does from there is locked out
    function test_aTokenThatCallsTheOwner_stopsNothing() external {
        HookToken hook = new HookToken(18);
        _lists(address(hook), 2_000e8);
        deposits(alice, MockToken(address(hook)), 100e18);
        borrows(alice, USDC, 150_000e6);
        moves(MockToken(address(hook)), DUE);
        hook.setHook(address(vault), abi.encodeCall(vault.repay, (account, USDC, 1)));
        vm.prank(dave);
        vault.liquidate(account, leg(MockToken(address(hook)), USDC, ALL), ALL, block.timestamp, dave, "");
        assertTrue(hook.wasReached() && !hook.hasSucceeded(), "locked out");
        assertEq(_liquidationsOf(account), 1, "liquidated");
    }

    // ---- feeds ----

    /// a collateral whose price stops after it was opened shields no other
    function test_aCollateralThatGoesStale_shieldsNoOther() external {
        deposits(alice, link, 10e18); // 150 USD, above dust
        _alicePledgesAndBorrows();
        skip(1 hours + 1);
        moves(weth, 1_690e8);
        moves(usdc, 1e8);
        vm.expectPartialRevert(IOracleRouter.AnswerStale.selector);
        vm.prank(alice);
        vault.deposit(account, address(wbtc), 1); // and no further one is opened
        _liquidates();
    }

    /// worth the dust value or more, it stays, with the rest of the debt; what has a price goes at once
    function test_aCollateralThatGoesStale_holdsUpNoWriteOff() external {
        deposits(alice, link, 10e18);
        _alicePledgesAndBorrows();
        skip(1 hours + 1);
        moves(weth, HOPELESS);
        moves(usdc, 1e8);
        (bool success, ) = _triesWriteOff(2);
        assertTrue(success, "goes on");
        assertEq(vault.holdingOf(account, address(weth)), 0, "the priced one is taken");
        assertEq(vault.holdingOf(account, address(link)), 10e18, "the silent one is not");
        (, uint256 owed) = vault.debtOf(account, USDC);
        assertGt(owed, 50_000e6, "with what the priced one did not pay");
        assertApproxEqAbs(usdcPool.flaggedLoss().lossAssets, owed - 148_514_851, 2, "flagged, less 150 / 1.01");
    }

    /// seven specks whose feeds eat all gas that they get: dear, and far below what fits into a block
    function test_feedsOfSpecksThatEatGas_stopNothing() external {
        BrokenFeed[7] memory bombs;
        for (uint256 i; i < 7; ++i) {
            bombs[i] = new BrokenFeed(8, 100e8);
            MockToken token = new MockToken("speck", "SPECK", 18);
            _sendProbe(address(token));
            vault.listAsset(address(token), _feedConfig(address(bombs[i])), 1_000e18);
            _pairsOf(address(token));
            vm.prank(alice);
            token.approve(address(vault), ALL);
            deposits(alice, token, 1e15);
        }
        _alicePledgesAndBorrows();
        for (uint256 i; i < 7; ++i) bombs[i].setFashion(BrokenFeed.Fashion.EATS_GAS);
        moves(weth, DUE);
        assertLt(_liquidates(), 5_000_000, "gas of a liquidation");
        moves(weth, HOPELESS);
        uint256 before = gasleft();
        (bool success, ) = _triesWriteOff(8);
        assertTrue(success, "the specks are handed over");
        assertLt(before - gasleft(), 5_000_000, "gas of a write-off");
    }

    /// known issue 9, at its worst: near insolvency only the collateral of the larger haircut leaves room for a bonus,
    /// and while that one has no price the other is not taken either; until the feed answers, or the rest is hopeless
    function test_theOnlyCollateralWorthTaking_holdsUpWhileSilent() external {
        deposits(alice, wbtc, 1e7); // 6,000
        deposits(alice, link, 10_000e18); // 150,000
        borrows(alice, USDC, 105_000e6);
        moves(link, 10.3e8);
        settles(); // the last good price follows
        skip(1 hours + 1);
        moves(wbtc, 60_000e8);
        moves(usdc, 1e8);
        ILiquidation.Leg[] memory legs = leg(wbtc, USDC, ALL);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.NothingToRepay.selector, account));
        vm.prank(dave);
        vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        legs = leg(link, USDC, ALL);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, link));
        vm.prank(dave);
        vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        uint256 id = vm.snapshotState();
        moves(link, 10.3e8);
        vm.prank(dave);
        vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        assertEq(_liquidationsOf(account), 1, "liquidated when it answers");
        vm.revertToState(id);
        moves(link, 8e8);
        (bool success, ) = _triesWriteOff(2);
        assertTrue(success, "written off when it answers worse");
    }

    /// whatever the basket, the debts and the prices: while all of them have a price, some leg goes through
    function testFuzz_anyBasket_leavesALeg(uint256[4] calldata seeds, uint256 daiPart) external {
        vault.setDebtFactor(DAI, 1_030_000);
        deposits(alice, weth, bound(seeds[0], 1e16, 100e18));
        deposits(alice, wbtc, bound(seeds[1], 1e6, 4e8));
        deposits(alice, link, bound(seeds[2], 1e18, 15_000e18));
        uint256 room = (_rowOf(account).collateralValue * 60) / 100;
        uint256 inDai = bound(daiPart, 0, 100);
        if ((room * inDai) / 100 >= 100e18) borrows(alice, DAI, (room * inDai) / 100);
        if ((room * (100 - inDai)) / 100 >= 100e18) borrows(alice, USDC, (room * (100 - inDai)) / 100e12);
        // all fall to the same share first, then each by some per cent of its own
        uint256 share = bound(seeds[3], 62, 75);
        moves(weth, int192(uint192((2_000e8 * share * (95 + (seeds[0] % 11))) / 1e4)));
        moves(wbtc, int192(uint192((60_000e8 * share * (95 + (seeds[1] % 11))) / 1e4)));
        moves(link, int192(uint192((15e8 * share * (95 + (seeds[2] % 11))) / 1e4)));
        if (_rowOf(account).status != IVaultLens.AccountStatus.LIQUIDATABLE) return;
        assertTrue(_someLegWorks(), "no leg goes through");
    }

    function _someLegWorks() private returns (bool) {
        MockToken[3] memory held = [weth, wbtc, link];
        for (uint256 k; k < 6; ++k) {
            ILiquidation.Leg[] memory legs = leg(held[k / 2], k % 2 == 0 ? USDC : DAI, ALL);
            vm.prank(dave);
            (bool success, ) = address(vault).call(
                abi.encodeCall(vault.liquidate, (account, legs, ALL, block.timestamp, dave, ""))
            );
            if (success) return true;
        }
        return false;
    }

    // ---- pools ----

    /// no idle cash, caps at zero, everything paused that owners are kept from: what comes in is always welcome
    function test_anEmptyAndClosedPool_isRepaid() external {
        _alicePledgesAndBorrows();
        uint256 most = usdcPool.maxWithdraw(carol);
        vm.prank(carol);
        usdcPool.withdraw(most, carol, carol);
        usdcPool.setTerms(_terms(0, 1_000_000e6));
        vault.setBorrowPause(USDC, true);
        vault.setAssetPause(address(weth), true, false);
        vault.setSupplyCap(address(weth), 0);
        assertEq(usdcPool.totals().cashAssets, 0, "empty");
        moves(weth, DUE);
        _liquidates();
        moves(weth, HOPELESS);
        (bool success, ) = _triesWriteOff(1);
        assertTrue(success, "written off");
    }

    // ---- extremes ----

    /// B13: whatever the prices of collateral and debt within [1, 2^119], what is due can be done
    function testFuzz_anyPrice_leavesAWay(uint256 up, uint256 down, uint256 shift) external {
        PoolId pool = PoolId.wrap(2);
        (BrokenFeed collateralFeed, BrokenFeed cashFeed) = _openAtTheExtremes(pool);
        uint256 collateralPrice = _anyPrice(up, shift);
        uint256 cashPrice = _anyPrice(down, shift >> 128);
        collateralFeed.setRound(2, int256(collateralPrice), block.timestamp, 2);
        cashFeed.setRound(2, int256(cashPrice), block.timestamp, 2);
        IVaultLens.AccountStatus status = _rowOf(account).status;
        assertTrue(status != IVaultLens.AccountStatus.UNPRICED, "priced");
        address collateral = vault.accountOf(account).snapshot.collaterals[0].asset;
        bool success = true;
        if (status == IVaultLens.AccountStatus.LIQUIDATABLE) {
            ILiquidation.Leg[] memory legs = leg(MockToken(collateral), pool, ALL);
            vm.prank(dave);
            vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        }
        if (status == IVaultLens.AccountStatus.INSOLVENT) (success, ) = _triesWriteOff(1);
        if (status == IVaultLens.AccountStatus.CALLABLE) vault.issueMarginCall(account);
        assertTrue(success, "written off");
    }

    /// B13: the same with the two prices apart as far as a liquidation wants them
    function testFuzz_anyPrice_leavesALiquidation(uint256 price, uint256 shift, uint256 ratio) external {
        (BrokenFeed collateralFeed, BrokenFeed cashFeed) = _openAtTheExtremes(PoolId.wrap(2));
        uint256 cashPrice = bound(_anyPrice(price, shift), 1, MOST_PRICE / 1e6);
        // Σ C / Σ D from 1.02 to 1.12; below 700 units of value rounding decides
        uint256 collateralPrice = (cashPrice * 700_000 * bound(ratio, 102_00, 112_00)) / 100_00;
        collateralFeed.setRound(2, int256(collateralPrice), block.timestamp, 2);
        cashFeed.setRound(2, int256(cashPrice), block.timestamp, 2);
        bool isDue = _rowOf(account).status == IVaultLens.AccountStatus.LIQUIDATABLE;
        assertTrue(isDue || cashPrice < 1e6, "due");
        if (!isDue) return;
        address collateral = vault.accountOf(account).snapshot.collaterals[0].asset;
        ILiquidation.Leg[] memory legs = leg(MockToken(collateral), PoolId.wrap(2), ALL);
        vm.prank(dave);
        vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        IVaultLens.HealthRow memory row = _rowOf(account);
        assertGe(row.coverMaintenance, row.requirement, "covered, or closed");
    }

    /// B13: by name: a worthless collateral, a debt beyond all money, and both
    function test_priceCorners_leaveAWay() external {
        (BrokenFeed collateralFeed, BrokenFeed cashFeed) = _openAtTheExtremes(PoolId.wrap(2));
        uint256[2][3] memory corners = [[uint256(1), 1e30], [uint256(1), MOST_PRICE], [uint256(1e24), MOST_PRICE]];
        for (uint256 i; i < corners.length; ++i) {
            uint256 id = vm.snapshotState();
            collateralFeed.setRound(2, int256(corners[i][0]), block.timestamp, 2);
            cashFeed.setRound(2, int256(corners[i][1]), block.timestamp, 2);
            (bool success, ) = _triesWriteOff(1);
            assertTrue(success, vm.toString(i));
            assertEq(_rowOf(account).debtValue, 0, "written off");
            vm.revertToState(id);
        }
    }

    /// known issue 1: the debt index at its end: 72,057 times what was borrowed is liquidated and written off
    function test_theIndexAtItsEnd_stopsNothing() external {
        ILendingPool.Terms memory terms = _terms(1e15, 1);
        (terms.baseBps, terms.slopeBelowBps, terms.slopeAboveBps) = (50_00, 100_00, 1000_00);
        usdcPool.setTerms(terms);
        deposits(alice, weth, 4_000e18);
        borrows(alice, USDC, 100e6);
        deposits(bob, weth, 10_000e18);
        borrows(bob, USDC, 9_999_900e6);
        skip(40 * 365 days);
        usdcPool.accrueDebt();
        passes(40 * 365 days);
        assertEq(usdcPool.debtIndexNow(), type(uint56).max, "the end");
        moves(weth, 1_950e8); // 7,205,759 owed; 0.85 · 7,800,000 = 6,630,000
        _liquidates();
        moves(weth, HOPELESS);
        (bool success, ) = _triesWriteOff(1);
        assertTrue(success, "written off");
    }

    // ---- helpers ----

    /// by the WETH leg, and much of it
    function _liquidates() private returns (uint256 gas) {
        uint256 count = _liquidationsOf(account);
        ILiquidation.Leg[] memory legs = leg(weth, USDC, ALL);
        gas = gasleft();
        vm.prank(dave);
        ILiquidation.LegReceipt[] memory receipts = vault.liquidate(account, legs, ALL, block.timestamp, dave, "");
        gas -= gasleft();
        assertGt(receipts[0].repaidAssets, 20_000e6, "repaid");
        assertEq(_liquidationsOf(account), count + 1, "liquidated");
    }

    function _triesWriteOff(uint256 collaterals) private returns (bool success, bytes memory reason) {
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        bytes memory payload = abi.encodeCall(
            vault.writeOff,
            (account, ALL, most, new uint256[](collaterals), block.timestamp, dave, "")
        );
        vm.prank(dave);
        (success, reason) = address(vault).call(payload);
    }

    function _lists(address token, int192 answer) private {
        _list(token, answer, 100_000e18);
        _pairsOf(token);
        _approveAll(alice);
    }

    function _pairsOf(address token) private {
        vault.setPair(token, USDC, _pair(200_000, 150_000, 200_000_000e18, 10_00));
    }

    /// 1e15 units at a million dollars for 1e18 of them, against 700 dollars of a cash; both feeds have 18 decimals, so
    /// that an answer is a price
    function _openAtTheExtremes(PoolId pool) private returns (BrokenFeed collateralFeed, BrokenFeed cashFeed) {
        MockToken collateral = new MockToken("dear", "DEAR", 18);
        MockToken cash = new MockToken("cash", "CASH", 18);
        (collateralFeed, cashFeed) = (new BrokenFeed(18, 1e24), new BrokenFeed(18, 1e18));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(collateralFeed));
        (config.lowestAnswer, config.highestAnswer) = (1, MOST_PRICE);
        _sendProbe(address(collateral));
        _sendProbe(address(cash));
        vault.listAsset(address(collateral), config, 1e15);
        config.feed = address(cashFeed);
        vault.listAsset(address(cash), config, 0);
        ILendingPool cashPool = _pool(cash, "cash", 100e18, 1_000_000e18);
        vault.setPair(address(collateral), pool, _pair(200_000, 150_000, 200_000_000e18, 10_00));
        tokens.push(address(collateral));
        tokens.push(address(cash));
        _approveAll(alice);
        _approveAll(dave);
        vm.prank(carol);
        cash.approve(address(cashPool), ALL);
        lends(carol, cashPool, 900_000e18);
        cash.mint(dave, 1_000_000e18);
        deposits(alice, collateral, 1e15);
        borrows(alice, pool, 700e18);
    }

    /// any size of number is as likely as any other
    function _anyPrice(uint256 seed, uint256 shift) private pure returns (uint256) {
        return bound((seed >> 137) >> (uint128(shift) % 119), 1, MOST_PRICE);
    }
}
