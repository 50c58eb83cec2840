// Runs steps, and says of each whether it came true.
#pragma once

#include <cstdlib>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

inline void step(const std::string &name, const std::function<void()> &run)
{
    try {
        run();
        std::cout << "ok " << name << std::endl;
    } catch (const std::exception &error) {
        std::cout << "wrong " << name << ": " << error.what() << std::endl;
    }
}

template <typename T, typename U> void same(const T &expected, const U &found)
{
    if (expected == found)
        return;
    std::ostringstream text;
    text << "expected " << expected << ", found " << found;
    throw std::runtime_error(text.str());
}

inline std::string env(const std::string &name)
{
    const char *value = std::getenv(("IWAPI_" + name).c_str());
    return value ? value : "";
}
