"""The facilitators of a case: who joins, who leaves, who may read what."""
