// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IRewardsDistributor} from "../../contracts/interfaces/IRewardsDistributor.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {Deployment} from "./Deployment.sol";

/// The system with a distributor: WETH earns ARB (18 decimals) and OP (6 decimals), over seven days.
abstract contract RewardStage is Deployment {
    uint256 internal constant PERIOD_FOR = 7 days;

    IRewardsDistributor internal distributor;
    MockToken internal arb;
    MockToken internal op;
    address internal payer = makeAddr("payer"); // brings rewards

    function setUp() public virtual override {
        super.setUp();
        distributor = _newDistributor();
        arb = _rewardToken("ARB", 18);
        op = _rewardToken("OP", 6);
        vault.setRewards(address(weth), address(distributor));
        distributor.addStream(address(weth), address(arb));
        distributor.addStream(address(weth), address(op));
    }

    function _newDistributor() internal returns (IRewardsDistributor) {
        return
            IRewardsDistributor(
                _deploy("RewardsDistributor.sol:RewardsDistributor", abi.encode(address(vault), address(manager)))
            );
    }

    function _rewardToken(string memory symbol, uint8 decimals) internal returns (MockToken token) {
        token = new MockToken(symbol, symbol, decimals);
        vm.label(address(token), symbol);
        _allow(token);
    }

    function _allow(MockToken token) internal {
        vm.prank(payer);
        token.approve(address(distributor), ALL);
    }

    // ---- verbs ----

    function funds(MockToken asset, MockToken token, uint256 assets) internal {
        token.mint(payer, assets);
        vm.prank(payer);
        distributor.fund(address(asset), address(token), assets);
    }

    function claims(address actor, MockToken asset, MockToken token) internal returns (uint256) {
        return distributor.claim(accountOf(actor), address(asset), _list(token))[0];
    }

    function claimable(address actor, MockToken asset, MockToken token) internal view returns (uint256) {
        return distributor.claimable(accountOf(actor), address(asset), address(token));
    }

    function streamOf(
        MockToken asset,
        MockToken token
    ) internal view returns (IRewardsDistributor.StreamView memory row) {
        IRewardsDistributor.StreamView[] memory rows = distributor.streamsOf(address(asset));
        for (uint256 i; i < rows.length; ++i) if (rows[i].token == address(token)) return rows[i];
    }

    function _list(MockToken token) internal pure returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(token);
    }

    /// a half is not a round number of units: one unit less is right as well
    function assertAbout(uint256 found, uint256 expected, string memory what) internal pure {
        assertLe(found, expected, what);
        assertGe(found + 2, expected, what);
    }
}
