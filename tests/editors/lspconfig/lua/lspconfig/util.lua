return {
  root_pattern = function(...)
    local names = { ... }
    return function(path)
      local found = vim.fs.find(names, { upward = true, path = vim.fs.dirname(path) })[1]
      return found and vim.fs.dirname(found)
    end
  end,
}
