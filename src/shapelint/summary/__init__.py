"""What a network is: layers, parameters, MACs, memory; formulas where numbers are not known."""
