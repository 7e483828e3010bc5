/** A module that cannot be imported. */
throw new RangeError('at import')
