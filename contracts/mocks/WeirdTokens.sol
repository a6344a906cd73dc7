// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MockToken} from "./MockToken.sol";

/// Keeps a share of every transfer, as STA or PAXG do; the share can be raised later, as USDT's can.
contract FeeToken is MockToken {
    uint256 public feeBps;

    constructor(uint256 newFeeBps) MockToken("fee", "FEE", 18) {
        feeBps = newFeeBps;
    }

    function setFee(uint256 newFeeBps) external {
        feeBps = newFeeBps;
    }

    function _update(address from, address to, uint256 assets) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : (assets * feeBps) / 1e4;
        super._update(from, to, assets - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}

/// Any balance can shrink or grow without a transfer, as that of AMPL or stETH does.
contract RebasingToken is MockToken {
    constructor() MockToken("rebasing", "REB", 18) {}

    function rebase(address holder, uint256 newBalance) external {
        uint256 balance = balanceOf(holder);
        if (newBalance > balance) _mint(holder, newBalance - balance);
        else _burn(holder, balance - newBalance);
    }
}

/// Answers `false` where others revert, as ZRX does.
contract FalseToken is MockToken {
    constructor() MockToken("false", "FALSE", 18) {}

    function transfer(address to, uint256 assets) public override returns (bool) {
        if (balanceOf(msg.sender) < assets) return false;
        return super.transfer(to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) public override returns (bool) {
        if (balanceOf(from) < assets || allowance(from, msg.sender) < assets) return false;
        return super.transferFrom(from, to, assets);
    }
}

/// Can be paused, and can block addresses, as USDC does.
contract BlocklistToken is MockToken {
    /// The address may not send or receive.
    error Blocked(address holder);
    /// Nothing moves.
    error Paused();

    mapping(address holder => bool blocked) public isBlocked;
    bool public isPaused;

    constructor(uint8 decimals_) MockToken("blocklist", "BLOCK", decimals_) {}

    function setBlocked(address holder, bool blocked) external {
        isBlocked[holder] = blocked;
    }

    function setPaused(bool paused) external {
        isPaused = paused;
    }

    function approve(address spender, uint256 assets) public override returns (bool) {
        require(!isPaused, Paused());
        require(!isBlocked[msg.sender], Blocked(msg.sender));
        return super.approve(spender, assets);
    }

    function _update(address from, address to, uint256 assets) internal override {
        require(!isPaused, Paused());
        require(!isBlocked[from], Blocked(from));
        require(!isBlocked[to], Blocked(to));
        super._update(from, to, assets);
    }
}

/// Calls somebody in the middle of every transfer, as ERC-777 tokens do. A call that fails is remembered, not passed
/// on, so that a test sees what stopped it.
contract HookToken is MockToken {
    /// What is called.
    struct Hook {
        address target;
        bytes data;
    }

    Hook public hook;
    bool public wasReached;
    bool public hasSucceeded;
    bytes public answer;
    bool private isInside;

    constructor(uint8 decimals_) MockToken("hook", "HOOK", decimals_) {}

    function setHook(address target, bytes calldata data) external {
        hook = Hook(target, data);
        (wasReached, hasSucceeded, answer) = (false, false, "");
    }

    function _update(address from, address to, uint256 assets) internal override {
        super._update(from, to, assets);
        if (hook.target == address(0) || isInside) return;
        isInside = true;
        wasReached = true;
        (hasSucceeded, answer) = hook.target.call(hook.data);
        isInside = false;
    }
}

/// Has no decimals.
contract NamelessToken {
    mapping(address holder => uint256 assets) public balanceOf;
}

/// Returns nothing from its transfers, as USDT does, and refuses to change an allowance that is not zero.
contract SilentToken {
    /// First set the allowance to zero.
    error AllowanceNotZero(uint256 assets);
    /// The balance or the allowance is too small.
    error TooLittle(uint256 found, uint256 wanted);

    // named by the standard
    // solhint-disable-next-line const-name-snakecase
    uint8 public constant decimals = 6;
    mapping(address holder => uint256 assets) public balanceOf;
    mapping(address holder => mapping(address spender => uint256)) public allowance;

    function mint(address receiver, uint256 assets) external {
        balanceOf[receiver] += assets;
    }

    function approve(address spender, uint256 assets) external {
        uint256 old = allowance[msg.sender][spender];
        require(old == 0 || assets == 0, AllowanceNotZero(old));
        allowance[msg.sender][spender] = assets;
    }

    function transfer(address to, uint256 assets) external {
        _move(msg.sender, to, assets);
    }

    function transferFrom(address from, address to, uint256 assets) external {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= assets, TooLittle(allowed, assets));
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - assets;
        _move(from, to, assets);
    }

    function _move(address from, address to, uint256 assets) private {
        uint256 balance = balanceOf[from];
        require(balance >= assets, TooLittle(balance, assets));
        balanceOf[from] = balance - assets;
        balanceOf[to] += assets;
    }
}
