// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

import {MockToken} from "../../contracts/mocks/MockToken.sol";

/// OpenZeppelin's ERC-4626 vault, honest until it is told how to misbehave: a venue that lies, fails, or calls back.
contract HostileYieldVault is ERC4626 {
    /// How it answers.
    enum Fashion {
        WELL,
        SAYS_DOUBLE,
        SAYS_HUGE,
        VIEW_REVERTS,
        VIEW_EATS_GAS,
        VIEW_SHORT,
        VIEW_LONG,
        OUT_REVERTS,
        OUT_EATS_GAS,
        OUT_PAYS_HALF,
        OUT_PAYS_NOTHING,
        BALANCE_EATS_GAS,
        IN_GIVES_HALF,
        IN_TAKES_HALF
    }

    /// The venue refuses.
    error Refused();

    Fashion public fashion;
    uint256 public liquidity = type(uint256).max; // most that it pays out at once [assets]
    address public target; // called in mid-call
    bytes public payload;
    bool public wasReached;
    bool public hasSucceeded;
    bytes public answer;

    constructor(IERC20 asset_) ERC20("hostile", "HOST") ERC4626(asset_) {}

    function setFashion(Fashion newFashion) external {
        fashion = newFashion;
    }

    function setLiquidity(uint256 assets) external {
        liquidity = assets;
    }

    function setCall(address newTarget, bytes calldata newPayload) external {
        (target, payload) = (newTarget, newPayload);
        (wasReached, hasSucceeded) = (false, false);
    }

    /// assets vanish
    function loses(uint256 assets) external {
        MockToken(asset()).transfer(address(0xdead), assets);
    }

    function convertToAssets(uint256 shares) public view override returns (uint256 assets) {
        require(fashion != Fashion.VIEW_REVERTS, Refused());
        if (fashion == Fashion.VIEW_EATS_GAS) while (true) {}
        assets = super.convertToAssets(shares);
        if (fashion == Fashion.SAYS_DOUBLE) assets *= 2;
        if (fashion == Fashion.SAYS_HUGE) assets = type(uint256).max;
        if (fashion == Fashion.VIEW_SHORT) _answerBytes(assets, 31);
        if (fashion == Fashion.VIEW_LONG) _answerBytes(assets, 20_000);
    }

    function maxWithdraw(address owner) public view override returns (uint256) {
        if (fashion == Fashion.VIEW_EATS_GAS) while (true) {}
        uint256 worth = super.maxWithdraw(owner);
        if (fashion == Fashion.SAYS_DOUBLE) return worth * 2;
        return worth < liquidity ? worth : liquidity;
    }

    function balanceOf(address holder) public view override(ERC20, IERC20) returns (uint256) {
        if (fashion == Fashion.BALANCE_EATS_GAS) while (true) {}
        return super.balanceOf(holder);
    }

    function deposit(uint256 assets, address receiver) public override returns (uint256 shares) {
        _callBack();
        if (fashion == Fashion.IN_TAKES_HALF) return super.deposit(assets / 2, receiver);
        shares = super.deposit(assets, receiver);
        if (fashion == Fashion.IN_GIVES_HALF) _burn(receiver, shares / 2);
    }

    function withdraw(uint256 assets, address receiver, address owner) public override returns (uint256 shares) {
        require(fashion != Fashion.OUT_REVERTS && assets <= liquidity, Refused());
        if (fashion == Fashion.OUT_EATS_GAS) while (true) {}
        if (fashion == Fashion.OUT_PAYS_NOTHING) return 0;
        _callBack();
        if (fashion == Fashion.OUT_PAYS_HALF) {
            shares = previewWithdraw(assets);
            _burn(owner, shares);
            MockToken(asset()).transfer(receiver, assets / 2);
            return shares;
        }
        shares = super.withdraw(assets, receiver, owner);
        if (liquidity != type(uint256).max) liquidity -= assets;
    }

    function _callBack() private {
        if (target == address(0)) return;
        wasReached = true;
        (hasSucceeded, answer) = target.call(payload);
    }

    /// returns `count` bytes: the number, then zeros
    function _answerBytes(uint256 first, uint256 count) private pure {
        bytes memory words = new bytes(count + 32);
        // safe: the frame ends here
        assembly ("memory-safe") {
            mstore(add(words, 0x20), first)
            return(add(words, 0x20), count)
        }
    }
}
