#include "tests/support/json_schema.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace postern::tests {

namespace {

using Json = nlohmann::json;

bool has_type(const std::string& type, const Json& value) {
  if (type == "null") return value.is_null();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

bool has_one_of(const Json& types, const Json& value) {
  if (types.is_string()) return has_type(types, value);
  return std::any_of(types.begin(), types.end(), [&](const Json& type) { return has_type(type, value); });
}

std::string fault_of_object(const Json& document, const Json& schema, const Json& value,
                            const std::string& place) {
  for (const Json& name : schema.value("required", Json::array())) {
    if (!value.contains(name)) return place + " lacks " + name.get<std::string>();
  }
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, member] : value.items()) {
    const std::string below = place + "." + name;
    if (properties.contains(name)) {
      const std::string fault = schema_fault(document, properties[name], member, below);
      if (!fault.empty()) return fault;
    } else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
      const std::string fault = schema_fault(document, schema["additionalProperties"], member, below);
      if (!fault.empty()) return fault;
    } else if (schema.contains("properties") && !schema.contains("allOf")) {
      return below + " is not in the contract";
    }
  }
  return "";
}

Json scalar(const YAML::Node& node) {
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  if (text == "null" || text == "~") return nullptr;
  const bool number =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (number) return std::stoll(text);
  return text;
}

Json converted(const YAML::Node& node) {
  if (node.IsScalar()) return scalar(node);
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const auto& one : node) list.push_back(converted(one));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  Json object = Json::object();
  for (const auto& pair : node) object[pair.first.Scalar()] = converted(pair.second);
  return object;
}

}  // namespace

std::string schema_fault(const Json& document, const Json& schema, const Json& value,
                         const std::string& place) {
  if (schema.contains("$ref")) {
    const std::string target = schema["$ref"].get<std::string>().substr(1);
    return schema_fault(document, document.at(Json::json_pointer(target)), value, place);
  }
  for (const Json& part : schema.value("allOf", Json::array())) {
    Json open = part;  // of a whole: other parts may say more members
    if (open.contains("$ref"))
      open = document.at(Json::json_pointer(open["$ref"].get<std::string>().substr(1)));
    open["allOf"] = Json::array();
    const std::string fault = schema_fault(document, open, value, place);
    if (!fault.empty()) return fault;
  }
  if (schema.contains("type") && !has_one_of(schema["type"], value))
    return place + " has another type: " + value.dump();
  if (schema.contains("enum") && std::count(schema["enum"].begin(), schema["enum"].end(), value) == 0) {
    return place + " is none of the words: " + value.dump();
  }
  if (value.is_number() && schema.contains("minimum") && value < schema["minimum"])
    return place + " is too small";
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string fault =
          schema_fault(document, schema["items"], value[i], place + "[" + std::to_string(i) + "]");
      if (!fault.empty()) return fault;
    }
  }
  return value.is_object() ? fault_of_object(document, schema, value, place) : "";
}

Json json_from_yaml(const std::string& yaml) {
  return converted(YAML::Load(yaml));
}

}  // namespace postern::tests
