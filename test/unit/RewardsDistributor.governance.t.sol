// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {RewardStage} from "../support/RewardStage.sol";

// RewardsDistributor, governed
// ├── addStream: at most four tokens for an asset that is served, each once
// ├── setPeriod: within bounds, for lumps to come
// ├── stopStream, resumeStream: what was emitted stays the holders', what was not waits
// └── returnUnemitted: of a stopped stream, what was not emitted
contract RewardsDistributorGovernanceTest is RewardStage {
    function setUp() public override {
        super.setUp();
        deposits(alice, weth, 30e18);
    }

    function test_addStream() external {
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.StreamAdded(address(weth), address(link), PERIOD_FOR);
        distributor.addStream(address(weth), address(link));
        assertEq(streamOf(weth, link).periodFor, PERIOD_FOR);
    }

    function test_addStream_revertsWith_StreamInvalid() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamInvalid.selector, weth, arb));
        distributor.addStream(address(weth), address(arb));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamInvalid.selector, weth, address(0)));
        distributor.addStream(address(weth), address(0));
    }

    function test_addStream_revertsWith_AssetNotServed() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.AssetNotServed.selector, link, address(0)));
        distributor.addStream(address(link), address(arb));
    }

    /// W03
    function test_addStream_revertsWith_TooManyStreams() external {
        distributor.addStream(address(weth), makeAddr("third"));
        distributor.addStream(address(weth), makeAddr("fourth"));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.TooManyStreams.selector, weth, 4));
        distributor.addStream(address(weth), makeAddr("fifth"));
    }

    function test_setPeriod() external {
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.RewardPeriodSet(address(weth), address(arb), PERIOD_FOR, 90 days);
        distributor.setPeriod(address(weth), address(arb), 90 days);
        funds(weth, arb, 90e18);
        skip(45 days);
        assertAbout(claimable(alice, weth, arb), 45e18, "half");
    }

    function test_setPeriod_revertsWith_RewardPeriodOutOfBounds() external {
        uint256[2] memory outside = [uint256(1 days - 1), 90 days + 1];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IRewardsDistributor.RewardPeriodOutOfBounds.selector,
                    outside[i],
                    1 days,
                    90 days
                )
            );
            distributor.setPeriod(address(weth), address(arb), outside[i]);
        }
        distributor.setPeriod(address(weth), address(arb), 1 days);
    }

    /// G09: what is emitted stays the holders', what is not waits
    function test_stopStream_stopsAtOnce_andResumes() external {
        funds(weth, arb, 700e18);
        skip(1 days);
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.StreamStopSet(address(weth), address(arb), false, true);
        distributor.stopStream(address(weth), address(arb));
        skip(10 days);
        assertTrue(streamOf(weth, arb).isStopped);
        assertAbout(claimable(alice, weth, arb), 100e18, "as it stood");
        deposits(bob, weth, 30e18);
        distributor.stopStream(address(weth), address(arb)); // again: nothing changes
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.StreamStopSet(address(weth), address(arb), true, false);
        distributor.resumeStream(address(weth), address(arb));
        skip(6 days);
        assertAbout(claims(alice, weth, arb), 400e18, "alice");
        assertAbout(claims(bob, weth, arb), 300e18, "bob");
    }

    function test_resumeStream_revertsWith_StreamRunning() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamRunning.selector, weth, arb));
        distributor.resumeStream(address(weth), address(arb));
    }

    function test_returnUnemitted() external {
        funds(weth, arb, 700e18);
        skip(1 days);
        distributor.stopStream(address(weth), address(arb));
        vm.expectEmit(address(distributor));
        emit IRewardsDistributor.UnemittedReturned(address(weth), address(arb), payer, 600e18);
        assertEq(distributor.returnUnemitted(address(weth), address(arb), payer), 600e18);
        assertEq(arb.balanceOf(payer), 600e18);
        assertEq(streamOf(weth, arb).fundedAssets, 100e18);
        assertAbout(claims(alice, weth, arb), 100e18, "accrued");
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.NothingToReturn.selector, weth, arb));
        distributor.returnUnemitted(address(weth), address(arb), payer);
        funds(weth, arb, 70e18); // waits
        skip(1 days);
        assertEq(claimable(alice, weth, arb), 0);
        distributor.resumeStream(address(weth), address(arb));
        skip(7 days);
        assertAbout(claimable(alice, weth, arb), 70e18, "a new lump");
    }

    function test_returnUnemitted_reverts() external {
        funds(weth, arb, 700e18);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.StreamRunning.selector, weth, arb));
        distributor.returnUnemitted(address(weth), address(arb), payer);
        address[2] memory wrong = [address(0), address(distributor)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ReturnReceiverInvalid.selector, wrong[i]));
            distributor.returnUnemitted(address(weth), address(arb), wrong[i]);
        }
    }
}
