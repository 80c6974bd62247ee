"""How much memory a network takes, without running it: the operations that were evaluated are replayed as eager torch would
run them, every tensor with its storage, every graph node with what it saves, the backward in the engine's own order."""
