// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

import {IInsuranceFund} from "../../contracts/interfaces/IInsuranceFund.sol";
import {FundDeployment} from "../support/FundDeployment.sol";

/// The insurance fund of a pool
/// ├── deposit and mint, up to the cap; donations change nothing
/// ├── given a request
/// │   ├── before and after its window nothing can be redeemed
/// │   ├── in its window it can, by the owner or with an allowance, and earns and bears until then
/// │   ├── a second one is refused, and cancelling gives the shares back
/// │   └── new terms do not reach it
/// ├── income is paid in before anybody comes or goes
/// ├── only the pool slashes, pro rata
/// └── terms are bounded, and told old and new
contract InsuranceFundTest is FundDeployment {
    function test_aFund_saysWhatItIs() external view {
        assertEq(fund.pool(), address(usdcPool), "pool");
        assertEq(fund.asset(), address(usdc), "asset");
        assertEq(fund.decimals(), 12, "decimals");
        assertEq(usdcPool.fund(), address(fund), "known to the pool");
    }

    function test_deposit_mintsSharesAndTells() external {
        usdc.mint(erin, 1_000e6);
        vm.expectEmit(address(fund));
        emit IERC4626.Deposit(erin, frank, 1_000e6, 1_000e12);
        vm.prank(erin);
        assertEq(fund.deposit(1_000e6, frank), 1_000e12);
        assertEq(fund.totalAssets(), 1_000e6, "assets");
        assertEq(fund.stakedAssets(), 1_000e6, "staked");
    }

    function test_mint_takesWhatItCosts() external {
        usdc.mint(erin, 1_000e6);
        vm.prank(erin);
        assertEq(fund.mint(1_000e12 - 1, erin), 1_000e6, "rounded up");
    }

    function test_maxDeposit_isTheRoomUnderTheCap() external {
        stakes(erin, 400_000e6);
        assertEq(fund.maxDeposit(erin), 600_000e6);
        assertEq(fund.maxMint(erin), 600_000e12);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxDeposit.selector, erin, 600_000e6 + 1, 600_000e6)
        );
        vm.prank(erin);
        fund.deposit(600_000e6 + 1, erin);
    }

    function test_donations_changeNothing() external {
        stakes(erin, 1_000e6);
        usdc.mint(address(fund), 1_000_000e6);
        assertEq(fund.totalAssets(), 1_000e6);
        assertEq(fund.convertToAssets(1e12), 1e6);
    }

    function test_revertsWith_ZeroStake() external {
        stakes(erin, 1e6);
        vm.startPrank(erin);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.ZeroStake.selector, 0, 0));
        fund.deposit(0, erin);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.ZeroStake.selector, 0, 0));
        fund.requestWithdrawal(0);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.ZeroStake.selector, 0, 0));
        fund.redeem(0, erin, erin);
        vm.stopPrank();
    }

    // ---- leaving ----

    function test_requestWithdrawal_escrowsAndTells() external {
        stakes(erin, 1_000e6);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.WithdrawalRequested(
            erin,
            400e12,
            block.timestamp + COOLDOWN_FOR,
            block.timestamp + COOLDOWN_FOR + WINDOW_FOR
        );
        requests(erin, 400e12);
        assertEq(fund.balanceOf(erin), 600e12, "kept");
        assertEq(fund.balanceOf(address(fund)), 400e12, "in escrow");
        assertEq(fund.requestOf(erin).shares, 400e12, "the request");
    }

    function test_requestWithdrawal_revertsWith_RequestPending() external {
        stakes(erin, 1_000e6);
        requests(erin, 400e12);
        uint256 expiresAt = fund.requestOf(erin).expiresAt;
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.RequestPending.selector, erin, 400e12, expiresAt));
        requests(erin, 1);
        passes(COOLDOWN_FOR + WINDOW_FOR + 1);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.RequestPending.selector, erin, 400e12, expiresAt));
        requests(erin, 1);
    }

    function test_requestWithdrawal_revertsWith_ERC20InsufficientBalance() external {
        stakes(erin, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, erin, 1e12, 1e12 + 1));
        requests(erin, 1e12 + 1);
    }

    function test_cancelWithdrawal_givesBack() external {
        stakes(erin, 1_000e6);
        requests(erin, 400e12);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.WithdrawalCancelled(erin, 400e12);
        vm.prank(erin);
        fund.cancelWithdrawal();
        assertEq(fund.balanceOf(erin), 1_000e12);
        assertEq(fund.requestOf(erin).maturesAt, 0, "no request");
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.RequestNotFound.selector, erin));
        vm.prank(erin);
        fund.cancelWithdrawal();
    }

    function test_redeem_onlyInTheWindow() external {
        stakes(erin, 1_000e6);
        assertEq(fund.maxRedeem(erin), 0, "without a request");
        requests(erin, 400e12);
        skip(COOLDOWN_FOR - 1);
        _refusesToRedeem();
        skip(1);
        assertEq(fund.maxRedeem(erin), 400e12, "the first second");
        assertEq(fund.maxWithdraw(erin), 400e6);
        skip(WINDOW_FOR);
        assertEq(fund.maxRedeem(erin), 400e12, "the last second");
        skip(1);
        _refusesToRedeem();
        vm.prank(erin);
        fund.cancelWithdrawal();
        requests(erin, 400e12);
        _refusesToRedeem();
        skip(COOLDOWN_FOR);
        vm.prank(erin);
        assertEq(fund.redeem(400e12, erin, erin), 400e6, "after a full cooldown again");
    }

    function test_redeem_inParts_burnsFromEscrowAndTells() external {
        stakes(erin, 1_000e6);
        requests(erin, 400e12);
        skip(COOLDOWN_FOR);
        vm.expectEmit(address(fund));
        emit IERC4626.Withdraw(erin, frank, erin, 100e6, 100e12);
        vm.prank(erin);
        fund.withdraw(100e6, frank, erin);
        assertEq(usdc.balanceOf(frank), 100e6, "sent");
        assertEq(fund.balanceOf(address(fund)), 300e12, "escrow");
        assertEq(fund.balanceOf(erin), 600e12, "not touched");
        assertEq(redeemsAll(erin), 300e6, "the rest");
        assertEq(fund.requestOf(erin).expiresAt, 0, "no request");
        requests(erin, 1);
    }

    function test_thirdParties_needAnAllowance() external {
        stakes(erin, 1_000e6);
        requests(erin, 400e12);
        skip(COOLDOWN_FOR);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, mallory, 0, 1e12));
        vm.prank(mallory);
        fund.redeem(1e12, mallory, erin);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, mallory, 0, 1e12));
        vm.prank(mallory);
        fund.withdraw(1e6, mallory, erin);
        vm.prank(erin);
        fund.approve(mallory, 1e12);
        vm.prank(mallory);
        fund.redeem(1e12, mallory, erin);
        assertEq(usdc.balanceOf(mallory), 1e6);
    }

    function test_newTerms_doNotReachARequest() external {
        stakes(erin, 1_000e6);
        requests(erin, 400e12);
        IInsuranceFund.StakeTerms memory terms = _stakeTerms(0);
        (terms.cooldownFor, terms.windowFor) = (60 days, 30 days);
        fund.setTerms(terms);
        skip(COOLDOWN_FOR);
        assertEq(redeemsAll(erin), 400e6);
    }

    // ---- income ----

    function test_income_belongsToThoseWhoWereThere() external {
        stakes(erin, 1_000e6);
        uint256 setAside = _earn();
        assertEq(fund.totalAssets(), 1_000e6 + setAside, "counted before it is paid");
        stakes(frank, 100_000e6);
        assertEq(fund.stakedAssets(), 101_000e6 + setAside, "paid in first");
        assertEq(usdcPool.totals().setAsideAssets, 0, "nothing left");
        assertApproxEqAbs(fund.convertToAssets(fund.balanceOf(frank)), 100_000e6, 1);
        // the virtual shares earn as well: 7 units
        assertApproxEqAbs(fund.convertToAssets(fund.balanceOf(erin)), 1_000e6 + setAside, 8);
    }

    function test_income_isEarnedInEscrow() external {
        stakes(erin, 1_000e6);
        requests(erin, 1_000e12);
        uint256 setAside = _earn();
        vm.prank(erin);
        fund.cancelWithdrawal();
        matures(erin);
        assertGe(redeemsAll(erin), 1_000e6 + setAside - 1);
    }

    function test_redeem_isLimitedByWhatIsHeldAndPayable() external {
        stakes(erin, 1_000e6);
        _earn();
        usdcPool.payFund();
        uint256 cash = usdcPool.totals().cashAssets;
        requests(erin, 1_000e12);
        passes(COOLDOWN_FOR);
        vm.prank(carol);
        usdcPool.withdraw(cash - 3, carol, carol);
        uint256 staked = fund.stakedAssets();
        assertGt(fund.totalAssets(), staked + 3, "more than can be paid");
        assertEq(fund.maxWithdraw(erin), staked + 3, "cash of the fund, and what the pool can pay");
        uint256 shares = fund.maxRedeem(erin);
        vm.prank(erin);
        assertLe(fund.redeem(shares, erin, erin), staked + 3);
    }

    // ---- losses ----

    function test_revertsWith_CallerNotPool() external {
        bytes memory reason = abi.encodeWithSelector(IInsuranceFund.CallerNotPool.selector, mallory);
        vm.startPrank(mallory);
        vm.expectRevert(reason);
        fund.slash(1);
        vm.expectRevert(reason);
        fund.receiveIncome(1);
        vm.stopPrank();
    }

    function test_receiveIncome_revertsWith_StakeShortfall() external {
        stakes(erin, 5e6);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.StakeShortfall.selector, 5e6, 6e6));
        vm.prank(address(usdcPool));
        fund.receiveIncome(1e6);
    }

    /// those in escrow too
    function test_slash_isProRata() external {
        stakes(erin, 30_000e6);
        stakes(frank, 10_000e6);
        requests(erin, 30_000e12);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.Slashed(10_000e6, 10_000e6);
        vm.prank(address(usdcPool));
        assertEq(fund.slash(10_000e6), 10_000e6);
        passes(COOLDOWN_FOR);
        assertEq(fund.maxWithdraw(erin), 22_500e6, "three quarters");
        assertEq(fund.convertToAssets(fund.balanceOf(frank)), 7_500e6, "a quarter");
        vm.prank(address(usdcPool));
        assertEq(fund.slash(ALL), 30_000e6, "no more than there is");
        assertEq(fund.stakedAssets(), 0);
        assertEq(fund.maxRedeem(erin), 0, "worth nothing");
    }

    function test_aUsedUpFund_takesNoStake() external {
        stakes(erin, 30_000e6);
        vm.prank(address(usdcPool));
        fund.slash(29_999e6);
        assertGt(fund.maxDeposit(erin), 0, "a share is a 30,000th of the first");
        vm.prank(address(usdcPool));
        fund.slash(1e6);
        assertEq(fund.maxDeposit(erin), 0, "used up");
        assertEq(fund.maxMint(erin), 0);
    }

    // ---- terms ----

    function test_setTerms_tellsOldAndNew() external {
        IInsuranceFund.StakeTerms memory terms = IInsuranceFund.StakeTerms(type(uint96).max, 60 days, 30 days);
        vm.expectEmit(address(fund));
        emit IInsuranceFund.StakeTermsSet(_stakeTerms(1_000_000e6), terms);
        fund.setTerms(terms);
        assertEq(abi.encode(fund.terms()), abi.encode(terms), "kept");
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        fund.setTerms(terms);
    }

    function test_setTerms_revertsWith_StakeTermOutOfBounds() external {
        uint256 most = type(uint96).max;
        _refuses(IInsuranceFund.StakeTerms(most + 1, 1 hours, 1 hours), "supplyCapAssets", most + 1, 0, most);
        _refuses(IInsuranceFund.StakeTerms(0, 3599, 1 hours), "cooldownFor", 3599, 1 hours, 60 days);
        _refuses(IInsuranceFund.StakeTerms(0, 60 days + 1, 1 hours), "cooldownFor", 60 days + 1, 1 hours, 60 days);
        _refuses(IInsuranceFund.StakeTerms(0, 1 hours, 3599), "windowFor", 3599, 1 hours, 30 days);
        _refuses(IInsuranceFund.StakeTerms(0, 1 hours, 30 days + 1), "windowFor", 30 days + 1, 1 hours, 30 days);
    }

    // ---- the properties of D ----

    function testFuzz_previews_areHonest(uint256 elapsedFor, uint256 assets, uint256 flagged) external {
        _withEverything(elapsedFor, flagged);
        assets = bound(assets, 1, 100_000e6);
        usdc.mint(frank, 1_000_000e6);
        vm.startPrank(frank);
        uint256 preview = fund.previewDeposit(assets);
        if (preview != 0) assertEq(fund.deposit(assets, frank), preview, "deposit");
        preview = fund.previewMint(assets * 1e6);
        assertEq(fund.mint(assets * 1e6, frank), preview, "mint");
        vm.stopPrank();
        matures(frank);
        uint256 shares = fund.maxRedeem(frank) / 2;
        preview = fund.previewRedeem(shares);
        vm.startPrank(frank);
        if (preview != 0) assertEq(fund.redeem(shares, frank, frank), preview, "redeem");
        uint256 most = fund.maxWithdraw(frank);
        preview = fund.previewWithdraw(most);
        if (most != 0) assertEq(fund.withdraw(most, frank, frank), preview, "withdraw");
        vm.stopPrank();
    }

    /// nor does a coming and going change the price for the others
    function testFuzz_roundTrips_neverGain(uint256 elapsedFor, uint256 amount, uint256 flagged) external {
        _withEverything(elapsedFor, flagged);
        uint256 assets = bound(amount, 2, 100_000e6);
        usdc.mint(frank, 1_000_000e6);
        uint256 before = fund.convertToAssets(fund.balanceOf(erin));
        vm.startPrank(frank);
        uint256 shares = fund.deposit(assets, frank);
        assertLe(fund.previewRedeem(shares), assets, "deposit, redeem");
        assertGe(fund.previewWithdraw(assets), shares, "deposit, withdraw");
        uint256 cost = fund.mint(shares, frank);
        assertLe(fund.previewRedeem(shares), cost, "mint, redeem");
        vm.stopPrank();
        assertGe(fund.convertToAssets(fund.balanceOf(erin)), before, "entering costs nobody");
        matures(frank);
        before = fund.convertToAssets(fund.balanceOf(erin));
        if (fund.previewRedeem(fund.maxRedeem(frank)) != 0) redeemsAll(frank);
        assertGe(fund.convertToAssets(fund.balanceOf(erin)), before, "leaving costs nobody");
    }

    /// A17, A16: whatever happens, a share falls in price by a slash only, and escrow and stake are there
    function testFuzz_A17_onlyALossLowersThePrice(uint256 seed) external {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        stakes(erin, 10_000e6);
        address[3] memory actors = [erin, frank, mallory];
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 supply = fund.totalSupply();
            uint256 total = fund.totalAssets();
            bool isLoss = _acts(actors[(seed >> 8) % 3], seed % 9, (seed >> 16) % 20_000e6);
            if (!isLoss) {
                bool isLower = (fund.totalAssets() + 1) * (supply + 1e6) < (total + 1) * (fund.totalSupply() + 1e6);
                assertFalse(isLower, "A17");
            }
            uint256 requested;
            for (uint256 j; j < 3; ++j) requested += fund.requestOf(actors[j]).shares;
            assertEq(fund.balanceOf(address(fund)), requested, "A16: escrow");
            assertGe(usdc.balanceOf(address(fund)), fund.stakedAssets(), "A16: stake");
            usdcPool.requireCash();
        }
    }

    /// one thing that can happen; whether it is a loss
    function _acts(address actor, uint256 act, uint256 amount) private returns (bool isLoss) {
        uint256 shares = fund.balanceOf(actor);
        if (act == 0 && fund.maxDeposit(actor) > amount && fund.previewDeposit(amount) != 0 && amount != 0) {
            stakes(actor, amount);
        } else if (act == 1 && fund.requestOf(actor).shares == 0 && shares != 0) {
            requests(actor, shares);
        } else if (act == 2 && fund.requestOf(actor).shares != 0) {
            vm.prank(actor);
            fund.cancelWithdrawal();
        } else if (act == 3 && fund.previewRedeem(fund.maxRedeem(actor)) != 0) {
            redeemsAll(actor);
        } else if (act == 4) {
            passes(COOLDOWN_FOR + (amount % WINDOW_FOR));
        } else if (act == 5) {
            usdcPool.payFund();
        } else if (act == 6) {
            usdc.mint(address(fund), amount);
        } else if (act == 7) {
            _flags(usdcPool.flaggedLoss().lossAssets, amount % 3 == 0 ? amount : 0);
        } else if (act == 8) {
            isLoss = true;
            vm.prank(address(vault));
            usdcPool.settle(0, 0, 0, amount / 4);
        }
    }

    function _withEverything(uint256 elapsedFor, uint256 flagged) private {
        stakes(erin, 50_000e6);
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 5_000_000e6);
        passes(bound(elapsedFor, 0, 90 days));
        _flags(0, bound(flagged, 0, 300_000e6));
    }

    function _earn() private returns (uint256 setAside) {
        deposits(alice, weth, 10_000e18);
        borrows(alice, USDC, 4_000_000e6);
        passes(365 days);
        setAside = usdcPool.totals().setAsideAssets;
        assertEq(setAside, 12_181.8e6 / 2, "half of the fees");
    }

    function _refusesToRedeem() private {
        assertEq(fund.maxRedeem(erin), 0);
        assertEq(fund.maxWithdraw(erin), 0);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, erin, 1, 0));
        vm.prank(erin);
        fund.redeem(1, erin, erin);
    }

    function _refuses(
        IInsuranceFund.StakeTerms memory terms,
        bytes32 name,
        uint256 found,
        uint256 lowest,
        uint256 highest
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInsuranceFund.StakeTermOutOfBounds.selector, name, found, lowest, highest)
        );
        fund.setTerms(terms);
    }
}
