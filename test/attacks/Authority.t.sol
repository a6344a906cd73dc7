// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAccountLedger} from "../../contracts/interfaces/IAccountLedger.sol";
import {IAuthority} from "../../contracts/interfaces/IAuthority.sol";
import {ILendingPool} from "../../contracts/interfaces/ILendingPool.sol";
import {ILiquidation} from "../../contracts/interfaces/ILiquidation.sol";
import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {ILiquidationRun} from "../../contracts/interfaces/ILiquidationRun.sol";
import {MockLiquidator} from "../../contracts/mocks/MockLiquidator.sol";
import {AccountId, ownerOf, tagOf, toAccountId} from "../../contracts/types/AccountId.sol";
import {PoolId} from "../../contracts/types/PoolId.sol";
import {Room} from "../../contracts/vault/Room.sol";
import {Deployment} from "../support/Deployment.sol";

/// Attacks on authority: A05–A08; G01, G04; C1; the rooms of the vault.
contract AuthorityAttackTest is Deployment {
    /// A06: rights on one account are no rights on another of the same owner, nor those of another kind
    function test_A06_rightsDoNotSpread() external {
        _alicePledgesAndBorrows();
        AccountId other = toAccountId(alice, 1);
        vm.prank(alice);
        vault.setOperator(other, mallory, 31, block.timestamp + 1 days);
        vm.startPrank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 4));
        vault.borrow(accountOf(alice), USDC, 1_000e6, mallory);
        vm.stopPrank();
        vm.prank(alice);
        vault.setOperator(accountOf(alice), mallory, 1 + 4, block.timestamp + 1 days);
        vm.startPrank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, accountOf(alice), mallory, 2));
        vault.withdraw(accountOf(alice), address(weth), 1, alice);
        vault.borrow(accountOf(alice), USDC, 1_000e6, alice); // to the owner
        vm.stopPrank();
    }

    /// A06: an owner of an account whose bytes look like another's is not its owner
    function testFuzz_A06_onlyTheOwnerActs(address owner, uint96 tag, address caller) external {
        AccountId account = toAccountId(owner, tag);
        assertEq(ownerOf(account), owner);
        assertTrue(account == toAccountId(owner, tag) && !(account == toAccountId(owner, tag ^ 1)), "identity");
        assertEq(tagOf(account), tag);
        vm.assume(caller != owner);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, caller, 2));
        vm.prank(caller);
        // to somebody else than the caller: a receiver of zero is refused first
        vault.withdraw(account, address(weth), 1, mallory);
    }

    /// A06: found by fuzzing with the caller as receiver
    function test_A06_theZeroAddressIsNobody() external {
        AccountId account = toAccountId(address(0x3dBb), 12_637);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.NotPermitted.selector, account, address(0), 2));
        vm.prank(address(0));
        vault.withdraw(account, address(weth), 1, mallory);
    }

    /// A07: only pools and collaterals of the registry: numbers, not addresses, name a pool
    function test_A07_foreignPoolsAndAssetsAreUnknown() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        PoolId unknown = PoolId.wrap(7);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.DebtNotOwed.selector, accountOf(alice), unknown));
        vault.liquidate(accountOf(alice), leg(weth, unknown, ALL), 0, block.timestamp, mallory, "");
        ILiquidation.Leg[] memory legs = leg(weth, USDC, ALL);
        legs[0].asset = mallory;
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.CollateralNotSeizable.selector, accountOf(alice), mallory));
        vault.liquidate(accountOf(alice), legs, 0, block.timestamp, mallory, "");
    }

    /// A05: an owner who becomes a contract, or ceases to be one, is the same owner
    function test_A05_codeAtAnAddressMeansNothing() external {
        deposits(alice, weth, 1e18);
        vm.etch(alice, hex"00");
        withdraws(alice, weth, ALL);
    }

    /// C1: without rights nobody lowers a stranger's collateral or raises his debt, whatever he calls
    function testFuzz_C1_strangersTakeNothing(uint256 which, uint256 amount, address caller) external {
        _alicePledgesAndBorrows();
        vm.assume(caller != alice && caller != address(vault) && caller != address(usdcPool));
        amount = bound(amount, 1, 1_000e18);
        AccountId account = accountOf(alice);
        IAccountLedger.Step[] memory steps = new IAccountLedger.Step[](1);
        steps[0] = IAccountLedger.Step(IAccountLedger.StepKind.WITHDRAW, address(weth), USDC, amount, caller);
        bytes[] memory payloads = new bytes[](12);
        payloads[0] = abi.encodeCall(vault.withdraw, (account, address(weth), amount, caller));
        payloads[1] = abi.encodeCall(vault.borrow, (account, USDC, amount, caller));
        payloads[2] = abi.encodeCall(vault.depositAndBorrow, (account, address(weth), 1, USDC, amount, caller));
        payloads[3] = abi.encodeCall(vault.batch, (account, steps));
        payloads[4] = abi.encodeCall(
            vault.liquidate,
            (account, leg(weth, USDC, amount), 0, block.timestamp, caller, "")
        );
        payloads[5] = abi.encodeCall(vault.issueMarginCall, (account));
        payloads[6] = abi.encodeCall(vault.setOperator, (account, caller, 31, block.timestamp + 1));
        for (uint256 i; i < 4; ++i) payloads[7 + i] = _authorityCall(i, account, caller);
        payloads[11] = _wrapped(payloads[which % 11]);
        vm.prank(caller);
        (bool success, ) = address(vault).call(payloads[which % 12]);
        assertFalse(success, "refused");
        assertEq(vault.holdingOf(account, address(weth)), 100e18, "collateral");
        (uint256 shares, ) = vault.debtOf(account, USDC);
        assertEq(shares, 150_000e6, "debt");
    }

    /// A08: the only callback goes to whoever began the liquidation. A contract that would answer it, and has cash and
    /// approvals, is not called for somebody else's: not as the receiver, not through the data
    function test_A08_nobodyElseIsCalledBack() external {
        _alicePledgesAndBorrows();
        moves(weth, 1_700e8);
        MockLiquidator victim = new MockLiquidator(vault);
        usdc.mint(address(victim), 500_000e6);
        victim.setSource(address(victim));
        bytes memory payload = abi.encodeCall(
            vault.liquidate,
            (accountOf(alice), leg(weth, USDC, ALL), ALL, ALL, address(victim), abi.encode(victim))
        );
        vm.prank(mallory);
        (bool success, ) = address(vault).call(payload);
        assertFalse(success, "mallory is asked herself, and has no code");
        assertFalse(victim.wasReached(), "the victim is not");
        assertEq(usdc.balanceOf(address(victim)), 500_000e6, "and keeps what it has");
    }

    /// G01: whoever holds all shares of a pool and most of every token has not one right more: there are roles, and no
    /// votes
    function test_G01_wealthIsNoRight() external {
        lends(mallory, usdcPool, 80_000_000e6);
        weth.mint(mallory, 1e30);
        deposits(mallory, weth, 40_000e18);
        vm.deal(mallory, 1e30);
        bytes[] memory payloads = new bytes[](4);
        payloads[0] = abi.encodeCall(vault.setBorrowPause, (USDC, true));
        payloads[1] = abi.encodeCall(vault.setSupplyCap, (address(weth), 0));
        payloads[2] = abi.encodeCall(vault.setPair, (address(weth), USDC, _pair(1_000, 1_000, 1e26, 1)));
        payloads[3] = abi.encodeCall(vault.setFeed, (address(weth), _feedConfig(mallory)));
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
        for (uint256 i; i < payloads.length; ++i) _refuses(address(vault), payloads[i], reason);
        _refuses(address(usdcPool), abi.encodeCall(usdcPool.setTerms, (_terms(0, 0))), reason);
        _refuses(address(usdcPool), abi.encodeCall(usdcPool.collectFees, (1, mallory)), reason);
        (bool isMember, ) = manager.hasRole(manager.ADMIN_ROLE(), mallory);
        assertFalse(isMember, "no role");
        _isUnknown("propose(address[],uint256[],bytes[],string)");
        _isUnknown("castVote(uint256,uint8)");
        _isUnknown("delegate(address)");
    }

    /// G04: nothing is left to be initialised, in the vault, in a room that is called by itself, or in a pool; what a
    /// constructor set is set when the code is there
    function test_G04_nothingIsLeftToInitialise() external {
        string[5] memory names = [
            "initialize()",
            "initialize(address)",
            "initialize(address,address)",
            "init(address)",
            "upgradeToAndCall(address,bytes)"
        ];
        for (uint256 i; i < names.length; ++i) _isUnknown(names[i]);
        bytes memory common = abi.encode(address(manager), address(0), uint256(0), address(0));
        string[3] memory rooms = ["VaultLens", "VaultConfigurator", "VaultLiquidation"];
        for (uint256 i; i < rooms.length; ++i) {
            address room = _deploy(string.concat(rooms[i], ".sol:", rooms[i]), common);
            assertEq(IAccessManaged(room).authority(), address(manager), "authority from the start");
            bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory);
            _refuses(room, abi.encodeCall(IAccessManaged.setAuthority, (mallory)), reason);
        }
        ILendingPool fresh = ILendingPool(
            _deploy("LendingPool.sol:LendingPool", abi.encode(usdc, vault, manager, "fresh", "fresh"))
        );
        assertEq(IAccessManaged(address(fresh)).authority(), address(manager), "authority from the start");
        assertEq(fresh.asset(), address(usdc), "asset from the start");
        vm.expectRevert(abi.encodeWithSelector(ILendingPool.CallerNotVault.selector, mallory));
        vm.prank(mallory);
        fresh.settle(0, 0, 0, 0);
    }

    /// the rooms, called directly, have no accounts and no assets, and obey the same authority
    function test_theRoomsAreEmptyByThemselves() external {
        bytes memory common = abi.encode(address(manager), address(0), uint256(0), address(0));
        address room = _deploy("VaultConfigurator.sol:VaultConfigurator", common);
        IVaultConfigurator configurator = IVaultConfigurator(room);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        configurator.setBorrowPause(USDC, true);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.PoolNotListed.selector, USDC));
        configurator.setBorrowPause(USDC, true);
        room = _deploy("VaultLiquidation.sol:VaultLiquidation", common);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationRun.NotLiquidatable.selector, accountOf(alice), 0, 0));
        ILiquidation(room).liquidate(accountOf(alice), leg(weth, USDC, 1), 0, block.timestamp, mallory, "");
    }

    /// nobody but the authority moves the authority
    function test_theAuthorityIsNotForTheTaking() external {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mallory));
        vm.prank(mallory);
        IAccessManaged(address(vault)).setAuthority(mallory);
    }

    // ---- helpers ----

    /// what only the owner may do about others
    function _authorityCall(uint256 which, AccountId account, address caller) private view returns (bytes memory) {
        if (which == 0) return abi.encodeCall(vault.lockdown, (account));
        if (which == 1) return abi.encodeCall(vault.voidConsents, (account, 1));
        IAuthority.OperatorTerms memory terms;
        (terms.rights, terms.expiresAt) = (31, block.timestamp + 1);
        if (which == 2) return abi.encodeCall(vault.setOperatorTerms, (account, caller, terms));
        return abi.encodeCall(vault.setOperatorBySig, (account, caller, terms, 0, ALL, new bytes(65)));
    }

    function _wrapped(bytes memory payload) private view returns (bytes memory) {
        return abi.encodeCall(vault.permitAndCall, (address(weth), ALL, ALL, 27, 0, 0, payload));
    }

    function _refuses(address target, bytes memory payload, bytes memory reason) private {
        vm.prank(mallory);
        (bool success, bytes memory answer) = target.call(payload);
        assertFalse(success, "refused");
        assertEq(answer, reason, "reason");
    }

    /// neither vault nor pool knows the function
    function _isUnknown(string memory name) private {
        bytes4 selector = bytes4(keccak256(bytes(name)));
        bytes memory payload = bytes.concat(selector, new bytes(256));
        _refuses(address(vault), payload, abi.encodeWithSelector(Room.UnknownFunction.selector, selector));
        vm.prank(mallory);
        (bool success, ) = address(usdcPool).call(payload);
        assertFalse(success, name);
    }
}
