// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IInsuranceFund} from "../../contracts/interfaces/IInsuranceFund.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {Deployment} from "./Deployment.sol";

/// The system with an insurance fund for the USDC pool, which gets half of every fee.
abstract contract FundDeployment is Deployment {
    uint256 internal constant COOLDOWN_FOR = 10 days;
    uint256 internal constant WINDOW_FOR = 2 days;

    IInsuranceFund internal fund;
    address internal erin = makeAddr("erin"); // stakes
    address internal frank = makeAddr("frank"); // stakes

    function setUp() public virtual override {
        super.setUp();
        fund = _fund(address(usdcPool));
        fund.setTerms(_stakeTerms(1_000_000e6));
        ILendingPool.Terms memory terms = _terms(100_000_000e6, 100e6);
        (terms.fundBps, terms.flashFeeBps) = (50_00, 5);
        usdcPool.setTerms(terms);
        usdcPool.setFund(address(fund));
        address[4] memory stakers = [erin, frank, mallory, carol];
        for (uint256 i; i < stakers.length; ++i) {
            vm.prank(stakers[i]);
            usdc.approve(address(fund), ALL);
        }
    }

    function _fund(address pool) internal returns (IInsuranceFund made) {
        made = IInsuranceFund(_deploy("InsuranceFund.sol:InsuranceFund", abi.encode(pool, manager, "fund", "fund")));
        vm.label(address(made), "fund");
    }

    function _stakeTerms(uint256 capAssets) internal pure returns (IInsuranceFund.StakeTerms memory) {
        return
            IInsuranceFund.StakeTerms({supplyCapAssets: capAssets, cooldownFor: COOLDOWN_FOR, windowFor: WINDOW_FOR});
    }

    function stakes(address actor, uint256 assets) internal returns (uint256) {
        usdc.mint(actor, assets);
        vm.prank(actor);
        return fund.deposit(assets, actor);
    }

    function requests(address actor, uint256 shares) internal {
        vm.prank(actor);
        fund.requestWithdrawal(shares);
    }

    /// requests all and waits for the window
    function matures(address actor) internal {
        requests(actor, fund.balanceOf(actor));
        passes(COOLDOWN_FOR);
    }

    function redeemsAll(address actor) internal returns (uint256 assets) {
        uint256 shares = fund.maxRedeem(actor);
        vm.prank(actor);
        return fund.redeem(shares, actor, actor);
    }

    /// alice's 150,000 against collateral that pays 100,000
    function _aliceIsInsolvent() internal {
        moves(weth, 1_010e8);
        _fundKeeper();
    }

    /// one call, so that its events can be expected
    function _writesAliceOff() internal {
        uint256[] memory most = new uint256[](1);
        most[0] = ALL;
        vm.prank(dave);
        vault.writeOff(accountOf(alice), 0, most, new uint256[](1), block.timestamp, dave, "");
    }

    function _aliceLoses() internal {
        _aliceIsInsolvent();
        _writesAliceOff();
    }

    function _flags(uint256 oldAssets, uint256 newAssets) internal {
        vm.prank(address(vault));
        usdcPool.reviseFlaggedLoss(oldAssets, newAssets);
    }
}
