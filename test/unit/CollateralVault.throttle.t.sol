// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {IVaultLens} from "../../contracts/interfaces/IVaultLens.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {RiskParameters} from "../../contracts/types/RiskParameters.sol";
import {Deployment} from "../support/Deployment.sol";

// the throttle of a collateral: here 1 % of a depth of 20 million in an hour
// ├── given a holding worth more than 1 % of the depth and used ≤ 1/2
// │   ├── one account gives at most half of the hour's limit, in one call or in many
// │   ├── all accounts give at most the limit
// │   └── it drains: half of the limit in half an hour
// ├── given used > 1/2: it does not apply
// ├── given a holding of at most 1 % of the depth: it does not apply and fills nothing
// └── given a write-off: it does not apply
// seizure after a pause
// ├── within an hour: only from accounts that used more than half of their cushion
// └── after an hour: from all
contract CollateralVaultThrottleTest is Deployment {
    AccountId private account;

    function setUp() public override {
        super.setUp();
        _fundKeeper();
        account = accountOf(alice);
        RiskParameters memory rules = _rules();
        rules.throttleBps = 1_00;
        vault.setRiskParameters(rules);
    }

    // ---- throttle ----

    function test_throttle_oneAccountGivesHalfOfTheLimit() external {
        _pledges(alice, 60_000e18, 615_000e6);
        _defaults();
        ILiquidation.LegReceipt memory receipt = liquidates(dave, alice, link, USDC, ALL);
        assertLe(_valueAt(receipt, 12.3e18), 100_000e18, "half of the limit");
        assertGt(_valueAt(receipt, 12.3e18), 99_999e18, "and not less");
        assertGt(receipt.leastValue, (receipt.repaidAssets * 1e18) / 1e6, "more was needed");
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.SeizureThrottled.selector, account));
        _tries(alice, link, 1);
    }

    /// X18: many small ones are one large one
    function test_X18_throttle_cannotBeEatenInSlices() external {
        _pledges(alice, 60_000e18, 615_000e6);
        _defaults();
        uint256 seizedAssets;
        uint256 count;
        for (; count < 40; ++count) {
            (bool success, uint256 part) = _slices(alice, 4_000e6);
            if (!success) break;
            seizedAssets += part;
        }
        assertGt(count, 20, "many");
        assertLe((seizedAssets * 12.3e18) / 1e18, 100_000e18, "half of the limit");
    }

    /// X18: another large account still has the other half
    function test_X18_throttle_leavesHalfForOthers() external {
        _pledges(alice, 20_000e18, 205_000e6);
        _pledges(bob, 20_000e18, 205_000e6);
        moves(link, 12.3e8);
        liquidates(dave, alice, link, USDC, ALL);
        uint256 value = _valueAt(liquidates(dave, bob, link, USDC, ALL), 12.3e18);
        assertGt(value, 99_990e18, "the other half, but for rounding up to dollars");
        assertLe(value, 100_000e18, "and no more");
    }

    function test_throttle_drains() external {
        _pledges(alice, 60_000e18, 615_000e6);
        _defaults();
        liquidates(dave, alice, link, USDC, ALL);
        passes(12 minutes);
        uint256 value = _valueAt(liquidates(dave, alice, link, USDC, ALL), 12.3e18);
        assertGt(value, 19_990e18, "a fifth of its half");
        assertLe(value, 20_000e18, "and no more");
    }

    /// never with used > 1/2
    function test_throttle_isLiftedBelowALowerLine() external {
        _pledges(alice, 20_000e18, 205_000e6);
        moves(link, 11.4e8);
        assertTrue(_rowOf(account).usedWad > 0.5e18, "more than half is used");
        uint256 value = _valueAt(liquidates(dave, alice, link, USDC, ALL), 11.4e18);
        assertGt(value, 150_000e18, "as much as is needed");
        assertGe(_rowOf(account).coverMaintenance, _rowOf(account).requirement, "and the target reached");
    }

    /// nor below 1 % of the depth
    function test_throttle_doesNotSeeSmallHoldings() external {
        _pledges(alice, 16_000e18, 164_000e6); // 196,800 at the fallen price
        moves(link, 12.3e8);
        uint256 value = _valueAt(liquidates(dave, alice, link, USDC, ALL), 12.3e18);
        assertGt(value, 100_000e18, "above half of the limit");
        assertEq(vault.accountOf(account).seizures[0].levelValue, 0, "nothing was filled");
    }

    function test_throttle_doesNotHoldUpAWriteOff() external {
        _pledges(alice, 20_000e18, 205_000e6);
        moves(link, 10e8);
        writesOff(dave, alice);
        assertEq(vault.accountOf(account).snapshot.debts.length, 0);
    }

    /// levels are kept in whole dollars, rounded up
    function test_throttle_isShown() external {
        _pledges(alice, 20_000e18, 205_000e6);
        moves(link, 12.3e8);
        uint256 value = _valueAt(liquidates(dave, alice, link, USDC, 10_000e6), 12.3e18);
        IVaultLens.SeizureView memory seizure = vault.accountOf(account).seizures[0];
        assertGe(seizure.levelValue, value, "rounded up");
        assertLe(seizure.levelValue, value + 2e18, "to dollars");
        assertEq(seizure.accountLevelValue, seizure.levelValue, "of the account too");
        assertEq(seizure.levelAt, (block.timestamp / 60) * 60, "now");
    }

    /// whatever is tried within an hour, no account gives more than its half, and all together no more than the limit
    function testFuzz_throttle_holdsWithinAnHour(uint256[6] calldata most, uint256[6] calldata gaps) external {
        _pledges(alice, 20_000e18, 205_000e6);
        _pledges(bob, 18_000e18, 184_000e6);
        moves(link, 12.3e8);
        uint256[2] memory seized;
        uint256 elapsedFor;
        for (uint256 i; i < most.length; ++i) {
            uint256 gapFor = bound(gaps[i], 0, 9 minutes);
            elapsedFor += gapFor;
            passes(gapFor);
            (bool success, uint256 part) = _slices(i % 2 == 0 ? alice : bob, bound(most[i], 100e6, 200_000e6));
            if (success) seized[i % 2] += (part * 12.3e18) / 1e18;
        }
        // a minute more drains at the most, as clocks are kept in minutes
        uint256 drained = (200_000e18 * (elapsedFor + 1 minutes)) / 1 hours;
        assertLe(seized[0], 100_000e18 + drained / 2, "alice's half");
        assertLe(seized[1], 100_000e18 + drained / 2, "bob's half");
        assertLe(seized[0] + seized[1], 200_000e18 + drained, "the limit");
    }

    // ---- after a pause ----

    function test_seizureAfterAPause_hasAGraceTime() external {
        _alicePledgesAndBorrows();
        vault.setAssetPause(address(weth), false, true);
        moves(weth, 1_690e8);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, weth));
        _tries(alice, weth, 0);
        vault.setAssetPause(address(weth), false, false);
        assertEq(vault.accountOf(account).seizures[0].seizableAt, block.timestamp + 1 hours, "shown");
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, weth));
        _tries(alice, weth, 0);
        passes(1 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, account, weth));
        _tries(alice, weth, 0);
        passes(1);
        liquidates(dave, alice, weth, USDC, ALL);
    }

    function test_seizureAfterAPause_doesNotWaitBeyondHalfOfTheCushion() external {
        _alicePledgesAndBorrows();
        vault.setAssetPause(address(weth), false, true);
        moves(weth, 1_600e8);
        vault.setAssetPause(address(weth), false, false);
        liquidates(dave, alice, weth, USDC, ALL);
    }

    // ---- worthless ----

    function test_setWorthless_revertsWith_AssetHasPrice() external {
        vm.expectRevert(abi.encodeWithSelector(IVaultConfigurator.AssetHasPrice.selector, weth, 2_000e18));
        vault.setWorthless(address(weth), true);
    }

    function test_setWorthless_countsNothing_andIsTakenBack() external {
        _alicePledgesAndBorrows();
        skip(1 hours + 1);
        moves(usdc, 1e8);
        vm.expectEmit(address(vault));
        emit IVaultConfigurator.WorthlessSet(address(weth), false, true);
        vault.setWorthless(address(weth), true);
        assertEq(_rowOf(account).collateralValue, 0, "nothing");
        assertTrue(vault.assets()[vault.accountOf(account).snapshot.collaterals[0].id].isWorthless, "shown");
        moves(weth, 2_000e8);
        assertEq(_rowOf(account).collateralValue, 0, "also when the feed speaks again");
        vault.setWorthless(address(weth), false);
        assertEq(_rowOf(account).collateralValue, 200_000e18, "until governance takes it back");
    }

    // ---- helpers ----

    function _pledges(address actor, uint256 linkAssets, uint256 usdcAssets) private {
        deposits(actor, link, linkAssets);
        borrows(actor, USDC, usdcAssets);
    }

    /// the account has let its call expire, and needs 400,000 to be seized
    function _defaults() private {
        moves(link, 13e8);
        vault.issueMarginCall(account);
        passes(2 hours + 1);
        moves(link, 12.3e8);
    }

    function _valueAt(ILiquidation.LegReceipt memory receipt, uint256 price) private pure returns (uint256) {
        return (receipt.seizedAssets * price) / 1e18;
    }

    function _tries(address target, MockToken token, uint256 expected) private {
        vm.prank(dave);
        vault.liquidate(accountOf(target), leg(token, USDC, ALL), expected, block.timestamp, dave, "");
    }

    function _slices(address target, uint256 most) private returns (bool success, uint256 seizedAssets) {
        _fundKeeper();
        bytes memory answer;
        vm.prank(dave);
        (success, answer) = address(vault).call(
            abi.encodeCall(vault.liquidate, (accountOf(target), leg(link, USDC, most), ALL, block.timestamp, dave, ""))
        );
        if (success) seizedAssets = abi.decode(answer, (ILiquidation.LegReceipt[]))[0].seizedAssets;
    }
}
