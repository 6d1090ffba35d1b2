"""What PostgreSQL's own catalogs say. Written by tools/pg_catalog.py; not by hand.

Functions by volatility; the names of operators; casts, as source-target=how and when (b as it is, f by a function, i by
way of text; i anywhere, a in assignments, e where written); types that are strings; for types that turn into another
without a change, the default operator classes, as method-type=class. `name>14` is there from 14 on, `name<14` was there up to 14.
"""

from __future__ import annotations

IMMUTABLE = """
    abbrev abs aclcontains acldefault aclinsert aclremove acos acosd acosh any_value_transfn>16 area
    array_append array_dims array_fill array_larger array_length array_lower array_ndims array_position
    array_positions array_prepend array_remove array_replace array_reverse>18 array_smaller array_sort>18
    array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit bit_count>14
    bit_length bitcmp bittypmodin bool booland_statefunc boolor_statefunc bound_box box bpchar bpchar_larger
    bpchar_smaller bpcharcmp bpchartypmodin broadcast btarraycmp btboolcmp btbpchar_pattern_cmp btcharcmp
    btequalimage>13 btfloat48cmp btfloat4cmp btfloat84cmp btfloat8cmp btint24cmp btint28cmp btint2cmp
    btint42cmp btint48cmp btint4cmp btint82cmp btint84cmp btint8cmp btnamecmp btnametextcmp btoidcmp
    btoidvectorcmp btrecordcmp btrecordimagecmp btrim bttext_pattern_cmp bttextcmp bttextnamecmp bttidcmp
    btvarstrequalimage>13 bytea>18 bytea_larger>18 bytea_smaller>18 byteacmp cardinality casefold>18
    cash_cmp cash_words cashlarger cashsmaller cbrt ceil ceiling center char char_length character_length
    chr cidr circle cos cosd cosh cot cotd crc32>18 crc32c>18 date_bin>14 date_cmp date_cmp_timestamp
    date_larger date_smaller datemultirange>14 daterange daterange_canonical daterange_subdiff decode
    degrees dexp diagonal diameter div dlog1 dlog10 dround dtrunc encode enum_cmp enum_larger enum_smaller
    erf>16 erfc>16 exp factorial family float4 float4_accum float4larger float4smaller float8 float8_accum
    float8_avg float8_combine float8_corr float8_covar_pop float8_covar_samp float8_regr_accum
    float8_regr_avgx float8_regr_avgy float8_regr_combine float8_regr_intercept float8_regr_r2
    float8_regr_slope float8_regr_sxx float8_regr_sxy float8_regr_syy float8_stddev_pop float8_stddev_samp
    float8_var_pop float8_var_samp float8larger float8smaller floor gamma>18 gcd>13 generate_subscripts
    get_bit get_byte gin_cmp_tslexeme gin_compare_jsonb gist_translate_cmptype_common>18 hash_aclitem
    hash_aclitem_extended hash_array hash_array_extended hash_multirange>14 hash_multirange_extended>14
    hash_numeric hash_numeric_extended hash_range hash_range_extended hash_record>14 hash_record_extended>14
    hashbool>18 hashboolextended>18 hashbpchar hashbpcharextended hashbytea>18 hashbyteaextended>18 hashchar
    hashcharextended hashcid>18 hashcidextended>18 hashdate>18 hashdateextended>18 hashenum hashenumextended
    hashfloat4 hashfloat4extended hashfloat8 hashfloat8extended hashinet hashinetextended hashint2
    hashint2extended hashint4 hashint4extended hashint8 hashint8extended hashmacaddr hashmacaddr8
    hashmacaddr8extended hashmacaddrextended hashname hashnameextended hashoid hashoidextended hashoidvector
    hashoidvectorextended hashtext hashtextextended hashtid hashtidextended hashxid8>18 hashxid8extended>18
    hashxid>18 hashxidextended>18 height host hostmask icu_unicode_version>17 inet_merge inet_same_family
    initcap int2 int2_avg_accum int2_avg_accum_inv int2_sum int2int4_sum int2larger int2smaller int4
    int4_avg_accum int4_avg_accum_inv int4_avg_combine int4_sum int4inc int4larger int4multirange>14
    int4range int4range_canonical int4range_subdiff int4smaller int8 int8_avg int8_sum int8dec int8dec_any
    int8inc int8inc_any int8inc_float8_float8 int8larger int8multirange>14 int8range int8range_canonical
    int8range_subdiff int8smaller interval interval_accum<16 interval_accum_inv<16 interval_avg<16
    interval_cmp interval_combine<16 interval_hash interval_hash_extended interval_larger interval_smaller
    intervaltypmodin is_normalized>13 isclosed isempty isfinite ishorizontal isopen isparallel isperp
    isvertical json_array_elements json_array_elements_text json_array_length json_each json_each_text
    json_extract_path json_extract_path_text json_object json_object_keys json_strip_nulls json_typeof
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_cmp jsonb_each jsonb_each_text
    jsonb_extract_path jsonb_extract_path_text jsonb_hash jsonb_hash_extended jsonb_insert jsonb_object
    jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
    jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax>13 jsonb_strip_nulls jsonb_typeof
    justify_days justify_hours justify_interval lcm>13 left lgamma>18 like like_escape line ln log log10
    lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 macaddr8_cmp macaddr8_set7bit macaddr_cmp
    make_date make_interval make_time make_timestamp makeaclitem masklen md5 min_scale>13 mod multirange>14
    multirange_cmp>14 multirange_intersect_agg_transfn>14 name nameconcatoid netmask network network_cmp
    network_larger network_smaller normalize>13 notlike npoints num_nonnulls num_nulls numeric_cmp
    numeric_div_trunc numeric_exp numeric_inc numeric_larger numeric_ln numeric_log numeric_smaller
    numeric_sqrt numerictypmodin nummultirange>14 numnode numrange numrange_subdiff octet_length oid
    oidlarger oidsmaller overlay parse_ident path pclose pg_encoding_max_length
    pg_indexam_progress_phasename pg_lsn>14 pg_lsn_cmp pg_lsn_hash pg_lsn_hash_extended pg_lsn_larger>13
    pg_lsn_smaller>13 pg_partition_root pg_size_bytes pg_size_pretty pg_snapshot_xip>13 pg_snapshot_xmax>13
    pg_snapshot_xmin>13 pg_visible_in_snapshot>13 pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset pi
    point polygon popen position postgresql_fdw_validator pow power querytree quote_ident radians radius
    range_cmp range_intersect_agg_transfn>14 range_merge record_larger>18 record_smaller>18 regexp_count>15
    regexp_instr>15 regexp_like>15 regexp_match regexp_matches regexp_replace regexp_split_to_array
    regexp_split_to_table regexp_substr>15 repeat replace reverse right round rpad rtrim
    satisfies_hash_partition scale set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 sign
    similar_escape similar_to_escape>13 sin sind sinh slope spg_poly_quad_compress split_part sqrt
    string_to_array string_to_table>14 strip strpos substr substring tan tand tanh text text_larger
    text_smaller textlen tidlarger tidsmaller time_cmp time_hash time_hash_extended time_larger time_smaller
    timestamp_cmp timestamp_cmp_date timestamp_hash timestamp_hash_extended timestamp_larger
    timestamp_smaller timestamptypmodin timestamptz_cmp timestamptz_hash>18 timestamptz_hash_extended>18
    timestamptz_larger timestamptz_smaller timestamptztypmodin timetypmodin timetz_cmp timetz_hash
    timetz_hash_extended timetz_larger timetz_smaller timetztypmodin timezone<16 to_ascii to_bin>17 to_hex
    to_oct>17 translate trim_array>14 trim_scale>13 trunc ts_delete ts_filter ts_lexize ts_rank ts_rank_cd
    tsmultirange>14 tsquery_cmp tsquery_phrase tsrange tsrange_subdiff tstzmultirange>14 tstzrange
    tstzrange_subdiff tsvector_cmp tsvector_to_array txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin
    txid_visible_in_snapshot unicode_assigned>17 unicode_version>17 unistr>14 unnest upper upper_inc
    upper_inf uuid_cmp uuid_extract_timestamp>17 uuid_extract_version>17 uuid_hash uuid_hash_extended varbit
    varbitcmp varbittypmodin varchar varchartypmodin width width_bucket xid8_larger>15 xid8_smaller>15
    xid8cmp>13 xid>13 xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlconcat2 xmlexists
    xmltext>17 xmlvalidate xpath xpath_exists
"""

STABLE = """
    aclexplode age array_to_json array_to_string col_description concat concat_ws convert convert_from
    convert_to current_database current_schema current_schemas current_setting current_user database_to_xml
    database_to_xml_and_xmlschema database_to_xmlschema date date_add>16 date_cmp_timestamptz date_part
    date_subtract>16 date_trunc enum_first enum_last enum_range extract>14 fmgr_c_validator
    fmgr_internal_validator fmgr_sql_validator format format_type generate_series get_current_ts_config
    getdatabaseencoding getpgusername has_any_column_privilege has_column_privilege has_database_privilege
    has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
    has_largeobject_privilege>18 has_parameter_privilege>15 has_schema_privilege has_sequence_privilege
    has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege in_range
    inet_client_addr inet_client_port inet_server_addr inet_server_port json_build_array json_build_object
    json_populate_record json_populate_recordset json_to_record json_to_recordset json_to_tsvector
    jsonb_build_array jsonb_build_object jsonb_path_exists_tz>13 jsonb_path_match_tz>13
    jsonb_path_query_array_tz>13 jsonb_path_query_first_tz>13 jsonb_path_query_tz>13 jsonb_populate_record
    jsonb_populate_record_valid>17 jsonb_populate_recordset jsonb_to_record jsonb_to_recordset
    jsonb_to_tsvector length make_timestamptz money mxid_age now numeric obj_description oidvectortypes
    overlaps pg_available_extension_versions pg_available_extensions pg_backend_pid pg_backup_start_time<14
    pg_basetype>17 pg_char_to_encoding pg_client_encoding pg_collation_for pg_collation_is_visible
    pg_column_compression>14 pg_column_is_updatable pg_column_size pg_column_toast_chunk_id>17
    pg_conf_load_time pg_config pg_conversion_is_visible pg_current_snapshot>13 pg_current_xact_id>13
    pg_current_xact_id_if_assigned>13 pg_cursor pg_describe_object pg_encoding_to_char
    pg_event_trigger_ddl_commands pg_event_trigger_dropped_objects pg_event_trigger_table_rewrite_oid
    pg_event_trigger_table_rewrite_reason pg_extension_update_paths pg_filenode_relation
    pg_function_is_visible pg_has_role pg_identify_object pg_identify_object_as_address
    pg_index_column_has_property pg_index_has_property pg_indexam_has_property pg_input_error_info>16
    pg_input_is_valid>16 pg_is_other_temp_schema pg_listening_channels pg_mcv_list_items pg_my_temp_schema
    pg_numa_available>18 pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
    pg_options_to_table pg_postmaster_start_time pg_prepared_statement pg_relation_filenode
    pg_relation_filepath pg_relation_is_publishable pg_relation_is_updatable pg_sequence_parameters
    pg_settings_get_flags>15 pg_show_all_settings pg_split_walfile_name>16 pg_statistics_obj_is_visible
    pg_table_is_visible pg_tablespace_databases pg_tablespace_location pg_timezone_abbrevs<17
    pg_timezone_abbrevs_abbrevs>18 pg_timezone_abbrevs_zone>18 pg_timezone_names pg_trigger_depth
    pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible
    pg_type_is_visible pg_typeof phraseto_tsquery plainto_tsquery quote_literal quote_nullable regclass
    row_security_active row_to_json schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema
    session_user shobj_description statement_timestamp system_user>16 table_to_xml
    table_to_xml_and_xmlschema table_to_xmlschema time timestamp timestamp_cmp_timestamptz timestamptz
    timestamptz_cmp_date timestamptz_cmp_timestamp timetz timezone>17 to_char to_date to_json to_jsonb
    to_number to_regclass to_regcollation>13 to_regnamespace to_regoper to_regoperator to_regproc
    to_regprocedure to_regrole to_regtype to_regtypemod>17 to_timestamp to_tsquery to_tsvector
    transaction_timestamp ts_debug ts_headline ts_parse ts_token_type txid_current txid_current_if_assigned
    txid_current_snapshot version websearch_to_tsquery xml xml_is_well_formed
"""

VOLATILE = """
    amvalidate array_sample>16 array_shuffle>16 brin_desummarize_range brin_summarize_new_values
    brin_summarize_range clock_timestamp current_query currtid2 currtid<13 currval cursor_to_xml
    cursor_to_xmlschema gen_random_uuid>13 gin_clean_pending_list lastval lo_close lo_creat lo_create
    lo_export lo_from_bytea lo_get lo_import lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64
    lo_truncate lo_truncate64 lo_unlink loread lowrite nextval pg_advisory_lock pg_advisory_lock_shared
    pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock
    pg_advisory_xact_lock_shared pg_available_wal_summaries>17 pg_backup_start>15 pg_backup_stop>15
    pg_blocking_pids pg_cancel_backend pg_clear_attribute_stats>18 pg_clear_relation_stats>18
    pg_collation_actual_version pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system
    pg_copy_logical_replication_slot pg_copy_physical_replication_slot pg_create_logical_replication_slot
    pg_create_physical_replication_slot pg_create_restore_point pg_current_logfile pg_current_wal_flush_lsn
    pg_current_wal_insert_lsn pg_current_wal_lsn pg_database_collation_actual_version>15 pg_database_size
    pg_drop_replication_slot pg_export_snapshot pg_extension_config_dump pg_hba_file_rules
    pg_ident_file_mappings>15 pg_import_system_collations pg_indexes_size pg_is_in_backup<14
    pg_is_in_recovery pg_is_wal_replay_paused pg_isolation_test_session_is_blocked pg_jit_available
    pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp
    pg_lock_status pg_log_backend_memory_contexts>14 pg_log_standby_snapshot>16 pg_logical_emit_message
    pg_logical_slot_get_binary_changes pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes
    pg_logical_slot_peek_changes pg_nextoid pg_notification_queue_usage pg_notify pg_partition_ancestors
    pg_partition_tree pg_prepared_xact pg_promote pg_read_binary_file pg_read_file pg_read_file_old<16
    pg_relation_size pg_reload_conf pg_restore_attribute_stats>18 pg_restore_relation_stats>18
    pg_rotate_logfile pg_rotate_logfile_old<16 pg_safe_snapshot_blocking_pids pg_sequence_last_value
    pg_show_all_file_settings pg_show_replication_origin_status pg_sleep pg_sleep_for pg_sleep_until
    pg_start_backup<14 pg_stop_backup<14 pg_stop_making_pinned_objects>15 pg_switch_wal
    pg_sync_replication_slots>17 pg_table_size pg_tablespace_size pg_terminate_backend
    pg_total_relation_size pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
    pg_try_advisory_xact_lock_shared pg_wal_replay_pause pg_wal_replay_resume pg_wal_summary_contents>17
    pg_xact_commit_timestamp pg_xact_commit_timestamp_origin>14 pg_xact_status>13 query_to_xml
    query_to_xml_and_xmlschema query_to_xmlschema random random_normal>16 set_config setseed setval
    timeofday ts_rewrite ts_stat txid_status uuidv4>18 uuidv7>18
"""

OPERATORS = """
    ! !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> <<
    <<= <<| <= <> <@ <^ = > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~
    ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*
"""

CASTS = """
    bit-bit=fi bit-int4=fe bit-int8=fe bit-varbit=bi bool-bpchar=fa bool-int4=fe bool-text=fa
    bool-varchar=fa box-circle=fe box-lseg=fe box-point=fe box-polygon=fa bpchar-bpchar=fi bpchar-char=fa
    bpchar-name=fi bpchar-text=fi bpchar-varchar=fi bpchar-xml=fe bytea-int2=fe>18 bytea-int4=fe>18
    bytea-int8=fe>18 char-bpchar=fa char-int4=fe char-text=fi char-varchar=fa cidr-bpchar=fa cidr-inet=bi
    cidr-text=fa cidr-varchar=fa circle-box=fe circle-point=fe circle-polygon=fe date-timestamp=fi
    date-timestamptz=fi daterange-datemultirange=fe>14 float4-float8=fi float4-int2=fa float4-int4=fa
    float4-int8=fa float4-numeric=fa float8-float4=fa float8-int2=fa float8-int4=fa float8-int8=fa
    float8-numeric=fa inet-bpchar=fa inet-cidr=fa inet-text=fa inet-varchar=fa int2-bytea=fe>18
    int2-float4=fi int2-float8=fi int2-int4=fi int2-int8=fi int2-numeric=fi int2-oid=fi int2-regclass=fi
    int2-regcollation=fi>13 int2-regconfig=fi int2-regdictionary=fi int2-regnamespace=fi int2-regoper=fi
    int2-regoperator=fi int2-regproc=fi int2-regprocedure=fi int2-regrole=fi int2-regtype=fi int4-bit=fe
    int4-bool=fe int4-bytea=fe>18 int4-char=fe int4-float4=fi int4-float8=fi int4-int2=fa int4-int8=fi
    int4-money=fa int4-numeric=fi int4-oid=bi int4-regclass=bi int4-regcollation=bi>13 int4-regconfig=bi
    int4-regdictionary=bi int4-regnamespace=bi int4-regoper=bi int4-regoperator=bi int4-regproc=bi
    int4-regprocedure=bi int4-regrole=bi int4-regtype=bi int4range-int4multirange=fe>14 int8-bit=fe
    int8-bytea=fe>18 int8-float4=fi int8-float8=fi int8-int2=fa int8-int4=fa int8-money=fa int8-numeric=fi
    int8-oid=fi int8-regclass=fi int8-regcollation=fi>13 int8-regconfig=fi int8-regdictionary=fi
    int8-regnamespace=fi int8-regoper=fi int8-regoperator=fi int8-regproc=fi int8-regprocedure=fi
    int8-regrole=fi int8-regtype=fi int8range-int8multirange=fe>14 interval-interval=fi interval-time=fa
    json-jsonb=ia jsonb-bool=fe jsonb-float4=fe jsonb-float8=fe jsonb-int2=fe jsonb-int4=fe jsonb-int8=fe
    jsonb-json=ia jsonb-numeric=fe lseg-point=fe macaddr-macaddr8=fi macaddr8-macaddr=fi money-numeric=fa
    name-bpchar=fa name-text=fi name-varchar=fa numeric-float4=fi numeric-float8=fi numeric-int2=fa
    numeric-int4=fa numeric-int8=fa numeric-money=fa numeric-numeric=fi numrange-nummultirange=fe>14
    oid-int4=ba oid-int8=fa oid-regclass=bi oid-regcollation=bi>13 oid-regconfig=bi oid-regdictionary=bi
    oid-regnamespace=bi oid-regoper=bi oid-regoperator=bi oid-regproc=bi oid-regprocedure=bi oid-regrole=bi
    oid-regtype=bi path-point=fe<14 path-polygon=fa pg_dependencies-bytea=bi pg_dependencies-text=ii
    pg_mcv_list-bytea=bi pg_mcv_list-text=ii pg_ndistinct-bytea=bi pg_ndistinct-text=ii pg_node_tree-text=bi
    point-box=fa polygon-box=fe polygon-circle=fe polygon-path=fa polygon-point=fe regclass-int4=ba
    regclass-int8=fa regclass-oid=bi regcollation-int4=ba>13 regcollation-int8=fa>13 regcollation-oid=bi>13
    regconfig-int4=ba regconfig-int8=fa regconfig-oid=bi regdictionary-int4=ba regdictionary-int8=fa
    regdictionary-oid=bi regnamespace-int4=ba regnamespace-int8=fa regnamespace-oid=bi regoper-int4=ba
    regoper-int8=fa regoper-oid=bi regoper-regoperator=bi regoperator-int4=ba regoperator-int8=fa
    regoperator-oid=bi regoperator-regoper=bi regproc-int4=ba regproc-int8=fa regproc-oid=bi
    regproc-regprocedure=bi regprocedure-int4=ba regprocedure-int8=fa regprocedure-oid=bi
    regprocedure-regproc=bi regrole-int4=ba regrole-int8=fa regrole-oid=bi regtype-int4=ba regtype-int8=fa
    regtype-oid=bi text-bpchar=bi text-char=fa text-name=fi text-regclass=fi text-varchar=bi text-xml=fe
    time-interval=fi time-time=fi time-timetz=fi timestamp-date=fa timestamp-time=fa timestamp-timestamp=fi
    timestamp-timestamptz=fi timestamptz-date=fa timestamptz-time=fa timestamptz-timestamp=fa
    timestamptz-timestamptz=fi timestamptz-timetz=fa timetz-time=fa timetz-timetz=fi
    tsrange-tsmultirange=fe>14 tstzrange-tstzmultirange=fe>14 varbit-bit=bi varbit-varbit=fi
    varchar-bpchar=bi varchar-char=fa varchar-name=fi varchar-regclass=fi varchar-text=bi varchar-varchar=fi
    varchar-xml=fe xid8-xid=fe>13 xml-bpchar=ba xml-text=ba xml-varchar=ba
"""

STRINGS = """
    bpchar char<14 name pg_brin_bloom_summary>14<14 pg_brin_minmax_multi_summary>14<14 pg_dependencies<14
    pg_mcv_list<14 pg_ndistinct<14 pg_node_tree<14 text varchar
"""

OPERATOR_CLASSES = """
    brin-bit=bit_minmax_ops brin-bpchar=bpchar_minmax_ops brin-bytea=bytea_minmax_ops
    brin-cidr=inet_inclusion_ops brin-inet=inet_inclusion_ops brin-int4=int4_minmax_ops
    brin-oid=oid_minmax_ops brin-pg_dependencies=bytea_minmax_ops brin-pg_mcv_list=bytea_minmax_ops
    brin-pg_ndistinct=bytea_minmax_ops brin-pg_node_tree=text_minmax_ops brin-regclass=oid_minmax_ops
    brin-regcollation=oid_minmax_ops>13 brin-regconfig=oid_minmax_ops brin-regdictionary=oid_minmax_ops
    brin-regnamespace=oid_minmax_ops brin-regoper=oid_minmax_ops brin-regoperator=oid_minmax_ops
    brin-regproc=oid_minmax_ops brin-regprocedure=oid_minmax_ops brin-regrole=oid_minmax_ops
    brin-regtype=oid_minmax_ops brin-text=text_minmax_ops brin-varbit=varbit_minmax_ops
    brin-varchar=text_minmax_ops btree-bit=bit_ops btree-bpchar=bpchar_ops btree-bytea=bytea_ops
    btree-cidr=inet_ops btree-inet=inet_ops btree-int4=int4_ops btree-oid=oid_ops
    btree-pg_dependencies=bytea_ops btree-pg_mcv_list=bytea_ops btree-pg_ndistinct=bytea_ops
    btree-pg_node_tree=text_ops btree-regclass=oid_ops btree-regcollation=oid_ops>13 btree-regconfig=oid_ops
    btree-regdictionary=oid_ops btree-regnamespace=oid_ops btree-regoper=oid_ops btree-regoperator=oid_ops
    btree-regproc=oid_ops btree-regprocedure=oid_ops btree-regrole=oid_ops btree-regtype=oid_ops
    btree-text=text_ops btree-varbit=varbit_ops btree-varchar=text_ops hash-bpchar=bpchar_ops
    hash-bytea=bytea_ops hash-cidr=inet_ops hash-inet=inet_ops hash-int4=int4_ops hash-oid=oid_ops
    hash-pg_dependencies=bytea_ops hash-pg_mcv_list=bytea_ops hash-pg_ndistinct=bytea_ops
    hash-pg_node_tree=text_ops hash-regclass=oid_ops hash-regcollation=oid_ops>13 hash-regconfig=oid_ops
    hash-regdictionary=oid_ops hash-regnamespace=oid_ops hash-regoper=oid_ops hash-regoperator=oid_ops
    hash-regproc=oid_ops hash-regprocedure=oid_ops hash-regrole=oid_ops hash-regtype=oid_ops
    hash-text=text_ops hash-varchar=text_ops spgist-cidr=inet_ops spgist-inet=inet_ops
    spgist-pg_node_tree=text_ops spgist-text=text_ops spgist-varchar=text_ops
"""
