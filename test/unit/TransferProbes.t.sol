// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IVaultConfigurator} from "../../contracts/interfaces/IVaultConfigurator.sol";
import {MockAggregator} from "../../contracts/mocks/MockAggregator.sol";
import {MockToken} from "../../contracts/mocks/MockToken.sol";
import {
    ArrivalFeeToken,
    BonusToken,
    BreakableToken,
    RefusingToken,
    SecondDoor,
    SurchargeToken,
    TwoDoorToken
} from "../../contracts/mocks/OddTokens.sol";
import {BlocklistToken, FeeToken, HookToken} from "../../contracts/mocks/WeirdTokens.sol";
import {Deployment} from "../support/Deployment.sol";
import {Vm} from "../support/Vm.sol";

// listAsset, the trial of the token's transfers
// ├── given less of the token than the trial needs: it reverts; exactly that much: it passes
// ├── what it needs: a millionth of a token, at least 10,000 units, at most one token
// ├── it stays with the vault, owed to nobody, and can be recovered; no allowance is left
// ├── given a fee on the way out, on the way back, on top, of a basis point: it reverts
// ├── given balances that move with a transfer: it reverts
// ├── given `false`, or a token that reverts: it reverts
// ├── given a callback into the vault: the callback fails, the listing does not
// └── given a second address of a listed token: it reverts; a broken listed token stops no other
contract TransferProbesTest is Deployment {
    uint256 private constant PROBE = 1e12; // of 18 decimals

    MockAggregator private feed;

    function setUp() public override {
        super.setUp();
        feed = new MockAggregator(8);
        feed.push(1e8, uint64(block.timestamp));
    }

    // ---- how much ----

    function test_listAsset_revertsWith_ProbeMissing() external {
        uint8[8] memory decimals = [0, 2, 3, 4, 6, 8, 12, 18];
        uint256[8] memory needed = [uint256(1), 100, 1_000, 10_000, 10_000, 10_000, 1e6, 1e12];
        for (uint256 i; i < decimals.length; ++i) {
            MockToken token = new MockToken("T", "T", decimals[i]);
            token.mint(address(vault), needed[i] - 1);
            _refuses(
                address(token),
                abi.encodeWithSelector(IVaultConfigurator.ProbeMissing.selector, token, needed[i] - 1, needed[i])
            );
            token.mint(address(vault), 1);
            _lists(address(token));
            assertEq(token.balanceOf(address(vault)), needed[i], "it stays");
            assertEq(vault.owed(address(token)), 0, "owed to nobody");
            assertEq(vault.recover(address(token), alice), needed[i], "and is recovered");
        }
    }

    /// what was there before stays as well
    function test_listAsset_triesOnlyWhatItNeeds() external {
        MockToken token = new MockToken("T", "T", 18);
        token.mint(address(vault), 5e18);
        vm.recordLogs();
        _lists(address(token));
        address probe = _probe();
        assertEq(token.balanceOf(address(vault)), 5e18, "all of it is back");
        assertEq(token.balanceOf(probe), 0, "nothing stays outside");
        assertEq(token.allowance(probe, address(vault)), 0, "no allowance is left");
        (bool success, ) = probe.call(abi.encodeCall(token.transfer, (alice, 0)));
        assertFalse(success, "what carries it can do nothing");
    }

    // ---- tokens that are refused ----

    function testFuzz_listAsset_revertsWith_TransferNotExact_ofAFee(uint256 feeBps) external {
        feeBps = bound(feeBps, 1, 1e4);
        FeeToken token = new FeeToken(feeBps);
        _sendProbe(address(token));
        address probe = _nextProbe();
        uint256 arrives = PROBE - (PROBE * feeBps) / 1e4;
        _refuses(address(token), _notExact(address(token), probe, arrives, PROBE));
    }

    function test_listAsset_revertsWith_TransferNotExact_ofAFeeOnTheWayBack() external {
        ArrivalFeeToken token = new ArrivalFeeToken(address(vault));
        token.mint(address(vault), PROBE);
        _refuses(address(token), _notExact(address(token), address(vault), PROBE - PROBE / 1e4, PROBE));
    }

    function test_listAsset_revertsWith_TransferNotExact_ofASurcharge() external {
        SurchargeToken token = new SurchargeToken(1);
        token.mint(address(vault), 3 * PROBE);
        uint256 left = 2 * PROBE - PROBE / 1e4;
        _refuses(address(token), _notExact(address(token), address(vault), left, 2 * PROBE));
    }

    function test_listAsset_revertsWith_TransferNotExact_ofARebase() external {
        BonusToken token = new BonusToken();
        token.mint(address(vault), PROBE);
        _refuses(address(token), _notExact(address(token), _nextProbe(), PROBE + 1, PROBE));
    }

    function test_listAsset_revertsWith_SafeERC20FailedOperation() external {
        for (uint8 i; i < 3; ++i) {
            RefusingToken token = new RefusingToken(RefusingToken.Refusal(i));
            token.mint(address(vault), PROBE);
            _refuses(address(token), abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token));
        }
    }

    function test_listAsset_passesOnTheReasonOfTheToken() external {
        BlocklistToken token = new BlocklistToken(18);
        token.mint(address(vault), PROBE);
        token.setPaused(true);
        _refuses(address(token), abi.encodeWithSelector(BlocklistToken.Paused.selector));
        token.setPaused(false);
        token.setBlocked(address(vault), true);
        _refuses(address(token), abi.encodeWithSelector(BlocklistToken.Blocked.selector, vault));
    }

    // ---- callbacks and other listed tokens ----

    function test_listAsset_isLockedWhileTheTokenMoves() external {
        HookToken token = new HookToken(18);
        token.mint(address(vault), PROBE);
        bytes memory again = abi.encodeCall(vault.recover, (address(token), address(token)));
        token.setHook(address(vault), again);
        manager.grantRole(0, address(token), 0);
        _lists(address(token));
        assertTrue(token.wasReached(), "the hook was called");
        assertFalse(token.hasSucceeded(), "and was refused");
        assertEq(token.balanceOf(address(vault)), PROBE, "nothing left");
    }

    function test_listAsset_revertsWith_DoubleEntry() external {
        TwoDoorToken token = new TwoDoorToken();
        SecondDoor door = token.door();
        token.mint(address(vault), 2 * PROBE);
        _lists(address(token));
        _refuses(
            address(door),
            abi.encodeWithSelector(IVaultConfigurator.DoubleEntry.selector, address(door), address(token))
        );
    }

    function test_listAsset_works_besideABrokenToken() external {
        BreakableToken broken = new BreakableToken();
        broken.mint(address(vault), PROBE);
        _lists(address(broken));
        broken.setBroken(true);
        MockToken token = new MockToken("T", "T", 18);
        token.mint(address(vault), PROBE);
        _lists(address(token));
    }

    // ---- helpers ----

    function _lists(address token) private {
        vault.listAsset(token, _config(), 0);
    }

    function _refuses(address token, bytes memory reason) private {
        vm.expectRevert(reason);
        vault.listAsset(token, _config(), 0);
    }

    function _config() private view returns (IVaultConfigurator.FeedConfig memory config) {
        config = _feedConfig(address(feed));
        config.highestAnswer = 1.2e8; // low decimals carry no more
    }

    function _notExact(
        address token,
        address holder,
        uint256 found,
        uint256 expected
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVaultConfigurator.TransferNotExact.selector, token, holder, found, expected);
    }

    /// the receiver of the first transfer that was recorded
    function _probe() private returns (address) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            bool isTransfer = logs[i].topics[0] == keccak256("Transfer(address,address,uint256)");
            if (isTransfer && address(uint160(uint256(logs[i].topics[1]))) == address(vault))
                return address(uint160(uint256(logs[i].topics[2])));
        }
        revert("no transfer");
    }

    /// where the vault's next contract comes to stand
    function _nextProbe() private view returns (address) {
        uint8 nonce = uint8(vm.getNonce(address(vault)));
        assertLt(nonce, 0x80, "one byte of RLP");
        bytes32 hash = keccak256(abi.encodePacked(bytes2(0xd694), address(vault), nonce));
        return address(uint160(uint256(hash)));
    }
}
