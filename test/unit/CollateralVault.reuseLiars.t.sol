// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IReuse} from "../../contracts/interfaces/IReuse.sol";
import {HostileYieldVault} from "../support/HostileYieldVault.sol";
import {ReuseStage} from "../support/ReuseStage.sol";

/// Says of a redemption or deposit what it is told to say, and pays what is right.
contract LyingSleeve is ERC4626 {
    uint256 private redemption; // 0 for the truth
    uint256 private entry = type(uint256).max; // that for the truth

    constructor(IERC20 asset_) ERC20("liar", "LIAR") ERC4626(asset_) {}

    function says(uint256 redemptionAssets, uint256 entryShares) external {
        (redemption, entry) = (redemptionAssets, entryShares);
    }

    function previewRedeem(uint256 shares) public view override returns (uint256) {
        return redemption == 0 ? super.previewRedeem(shares) : redemption;
    }

    function previewDeposit(uint256 assets) public view override returns (uint256) {
        return entry == type(uint256).max ? super.previewDeposit(assets) : entry;
    }

    function deposit(uint256 assets, address receiver) public override returns (uint256 shares) {
        shares = convertToShares(assets);
        _deposit(msg.sender, receiver, assets, shares);
    }

    function redeem(uint256 shares, address receiver, address owner) public override returns (uint256 assets) {
        assets = convertToAssets(shares);
        _withdraw(msg.sender, receiver, owner, assets, shares);
    }
}

/// Sleeves that lie to the vault: governance lists none such, and still no holding becomes untrue.
contract CollateralVaultReuseLiarsTest is ReuseStage {
    LyingSleeve private liar;

    function setUp() public override {
        super.setUp();
        liar = new LyingSleeve(weth);
        _sendShares(liar, weth, 1e12);
        _listSleeve(address(liar), weth, 25_000e18);
        vault.setSleeve(address(weth), address(liar), IReuse.SleeveTerms(false, 0, 0));
        deposits(alice, weth, 100e18);
    }

    function _sets(address target, uint256 shareBps) private {
        vm.prank(alice);
        vault.setReuse(accountOf(alice), target, shareBps);
    }

    function test_recall_revertsWith_SleevePaidLess() external {
        _sets(address(liar), 50_00);
        liar.says(60e18, ALL);
        vm.expectRevert(abi.encodeWithSelector(IReuse.SleevePaidLess.selector, address(liar), 60e18, 50e18));
        _sets(address(liar), 0);
    }

    function test_recall_revertsWith_SupplyCapExceeded_beyondTheWidthOfTheLedger() external {
        _sets(address(liar), 50_00);
        liar.says(1 << 96, ALL);
        uint256 total = 50e18 + (1 << 96) - 1;
        vm.expectRevert(
            abi.encodeWithSelector(IAccountLedger.SupplyCapExceeded.selector, address(weth), total, 50_000e18)
        );
        _sets(address(liar), 0);
    }

    function test_setReuse_revertsWith_ReuseUnchanged_forNoShares() external {
        liar.says(0, 0);
        vm.expectRevert(abi.encodeWithSelector(IReuse.ReuseUnchanged.selector, accountOf(alice), address(liar)));
        _sets(address(liar), 50_00);
    }

    function test_setReuse_revertsWith_TokenShortfall() external {
        liar.says(0, 60e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.TokenShortfall.selector, address(liar), 50e18, 60e18));
        _sets(address(liar), 50_00);
        HostileYieldVault short = new HostileYieldVault(weth);
        _sendShares(short, weth, 1e12);
        _listSleeve(address(short), weth, 25_000e18);
        vault.setSleeve(address(weth), address(short), IReuse.SleeveTerms(false, 0, 0));
        short.setFashion(HostileYieldVault.Fashion.IN_GIVES_HALF);
        vm.expectPartialRevert(IAccountLedger.TokenShortfall.selector);
        _sets(address(short), 50_00);
    }
}
