// What the jest tests run in workers.
exports.double = (n) => n * 2
