"""What the chart costs a cluster: writes to its API counted on paper, a release and its series measured."""
