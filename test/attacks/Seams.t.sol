// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {IMarginCalls} from "../../contracts/interfaces/IMarginCalls.sol";
import {IRecovery} from "../../contracts/interfaces/IRecovery.sol";
import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {ISubstitution} from "../../contracts/interfaces/ISubstitution.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Attacks on what two parts do together: reuse and the price of its shares, rewards and listings, rights and sleeves.
contract SeamsTest is ReuseStage {
    function _forget() private {
        uint256[] memory ids = new uint256[](8);
        for (uint256 i; i < ids.length; ++i) ids[i] = i;
        vault.refreshPrices(ids);
    }

    /// lets a stranger try a call with every amount of gas; returns the first that succeeds, or 0
    function _starve(bytes memory data) private returns (uint256) {
        for (uint256 gasLimit = 60_000; gasLimit < 330_000; gasLimit += 1_500) {
            uint256 snapshot = vm.snapshotState();
            vm.prank(mallory);
            (bool success, ) = address(vault).call{gas: gasLimit}(data);
            if (success) return gasLimit;
            vm.revertToState(snapshot);
        }
        return 0;
    }

    /// O02: in a fall the slow average is above spot; who leaves the read of a sleeve too little gas is judged by it
    function test_REUSE14_aStarvedRead_pausesNoCall() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 154_000e6);
        reuses(alice, 50_00);
        _allocates(address(good));
        moves(weth, 1_750e8);
        _forget();
        vault.issueMarginCall(accountOf(alice));
        _forget();
        bytes memory data = abi.encodeCall(vault.clearMarginCall, (accountOf(alice)));
        vm.expectPartialRevert(IMarginCalls.CallUnchanged.selector);
        vault.clearMarginCall(accountOf(alice));
        assertEq(_starve(data), 0, "gas with which a call is paused");
    }

    /// O02: after a dip the slow average is below spot: the same starves a covered account into a call
    function test_REUSE14_aStarvedRead_callsNobody() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 154_000e6);
        reuses(alice, 50_00);
        _allocates(address(good));
        moves(weth, 1_650e8);
        settles();
        uint256[] memory ids = new uint256[](1);
        ids[0] = _assetOf(address(sleeve)).id;
        for (uint256 i; i < 20; ++i) {
            passes(10 minutes);
            vault.updateSlowAverages(ids);
        }
        moves(weth, 2_000e8);
        _forget();
        vm.expectPartialRevert(IMarginCalls.AccountCovered.selector);
        vault.issueMarginCall(accountOf(alice));
        _forget();
        bytes memory data = abi.encodeCall(vault.issueMarginCall, (accountOf(alice)));
        assertEq(_starve(data), 0, "gas with which a covered account is called");
    }

    // ---- rights and sleeves ----

    function _appoints(uint256 rights, uint256 leastCoverageBps, uint256 wethAllowance) private {
        IAuthority.Allowance[] memory allowances = new IAuthority.Allowance[](1);
        allowances[0] = IAuthority.Allowance(address(weth), wethAllowance);
        vm.prank(alice);
        vault.setOperatorTerms(
            accountOf(alice),
            mallory,
            IAuthority.OperatorTerms(rights, block.timestamp + 1 days, leastCoverageBps, allowances)
        );
    }

    /// A06: an allowance for the plain asset is none for what it becomes
    function test_A06_anAllowanceDoesNotFollowIntoASleeve() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        _appoints(2 | 8 | 16, 0, 1e18);
        vm.startPrank(mallory);
        vault.setReuse(accountOf(alice), address(sleeve), 50_00);
        vm.expectPartialRevert(IAuthority.AllowanceExceeded.selector);
        vault.withdraw(accountOf(alice), address(sleeve), 1, mallory);
        vm.stopPrank();
    }

    /// A06: what an operator leaves after a consent is covered as its terms ask
    function test_A06_aConsentOfAnOperator_leavesLeastCoverage() external {
        deposits(alice, weth, 100e18);
        borrows(alice, USDC, 100_000e6);
        _appoints(16, 168_00, 0);
        vm.prank(mallory);
        vm.expectPartialRevert(IAuthority.CoverageBelowLeast.selector);
        vault.setReuse(accountOf(alice), address(sleeve), 50_00);
    }

    /// REUSE-2: a swap brings no shares in, also those that went out a moment ago
    function test_REUSE2_aSwapBringsNoSharesIn() external {
        _aliceReuses();
        ISubstitution.Amount[] memory amounts = new ISubstitution.Amount[](1);
        amounts[0] = ISubstitution.Amount(address(sleeve), 1e18);
        vm.prank(alice);
        vm.expectPartialRevert(IReuse.SleeveNotDepositable.selector);
        vault.substituteBySwap(accountOf(alice), amounts, amounts, "");
    }

    /// E1: plain or reused, what is pledged is owed
    function test_E1_aRecoveryTakesNothingReused() external {
        _aliceReuses();
        vm.expectPartialRevert(IRecovery.NothingToRecover.selector);
        vault.recover(address(sleeve), mallory);
    }

    // ---- harvest and the probe of a listing ----

    /// LIST: anybody harvests the probe of a token that is registered as a reward; taken off the register it is safe
    function test_W04_theProbeOfARewardToken_isSafeOnceItIsOffTheRegister() external {
        IRewardsDistributor distributor = IRewardsDistributor(
            _deploy("RewardsDistributor.sol:RewardsDistributor", abi.encode(address(vault), address(manager)))
        );
        MockToken token = new MockToken("ARB", "ARB", 18);
        vault.setRewards(address(weth), address(distributor));
        distributor.addStream(address(weth), address(token));
        vault.setHarvest(address(token), address(weth));
        MockAggregator feed = new MockAggregator(8);
        feed.push(1e8, uint64(block.timestamp));
        IVaultConfigurator.FeedConfig memory config = _feedConfig(address(feed));
        _sendProbe(address(token));
        vm.prank(mallory);
        vault.harvest(address(weth), address(token));
        vm.expectPartialRevert(IVaultConfigurator.ProbeMissing.selector);
        vault.listAsset(address(token), config, 1e24);
        vault.setHarvest(address(token), address(0));
        _sendProbe(address(token));
        vm.prank(mallory);
        vm.expectPartialRevert(bytes4(keccak256("HarvestNotRegistered(address,address)")));
        vault.harvest(address(weth), address(token));
        vault.listAsset(address(token), config, 1e24);
    }
}
