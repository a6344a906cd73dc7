// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockToken} from "../../contracts/mocks/MockToken.sol";

/// A listed collateral that calls itself a sleeve, pays one asset for one share until it is told how to cheat, and
/// tries calls of its own in the middle of a redemption.
contract HostileSleeve is MockToken {
    /// How it pays.
    enum Fashion {
        WELL,
        HALF,
        NOTHING,
        OTHER_ASSET,
        TAKES_ALL_SHARES,
        SHRINKS
    }

    Fashion public fashion;
    MockToken private immutable paid;
    MockToken private immutable other;
    bytes[] public payloads;
    uint256 public succeeded;
    uint256 public reached;
    bool private isRedeemed;

    constructor(MockToken paid_, MockToken other_) MockToken("hostile sleeve", "HSLV", 18) {
        (paid, other) = (paid_, other_);
    }

    function setFashion(Fashion newFashion) external {
        (fashion, isRedeemed) = (newFashion, false);
    }

    function prepare(bytes calldata payload) external {
        payloads.push(payload);
    }

    /// it may name another asset afterwards
    function asset() external view returns (address) {
        if (fashion == Fashion.OTHER_ASSET && isRedeemed) return address(other);
        return fashion == Fashion.SHRINKS ? address(this) : address(paid);
    }

    /// says more than there is
    function maxRedeem(address) external pure returns (uint256) {
        return type(uint256).max;
    }

    function redeem(uint256 shares, address receiver, address owner) external returns (uint256) {
        isRedeemed = true;
        for (uint256 i; i < payloads.length; ++i) {
            ++reached;
            (bool success, ) = msg.sender.call(payloads[i]);
            if (success) ++succeeded;
        }
        _burn(owner, fashion == Fashion.TAKES_ALL_SHARES ? balanceOf(owner) : shares);
        uint256 assets = fashion == Fashion.HALF ? shares / 2 : shares;
        if (fashion == Fashion.NOTHING || fashion == Fashion.SHRINKS) return shares;
        MockToken token = fashion == Fashion.OTHER_ASSET ? other : paid;
        token.mint(receiver, assets);
        return shares;
    }
}
