// As much of JSON Schema (2020-12) as the contract uses: whether a value is what a schema says.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace postern::tests {

// What is wrong, with its place; empty: nothing. `document` resolves "#/…" references.
std::string schema_fault(const nlohmann::json& document, const nlohmann::json& schema,
                         const nlohmann::json& value, const std::string& place = "$");

// A YAML document as JSON: plain scalars by the core schema, quoted ones as texts.
nlohmann::json json_from_yaml(const std::string& yaml);

}  // namespace postern::tests
